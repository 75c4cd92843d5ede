import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

import { SIMULATE_TEXTS } from '../../scripts/simulate-texts.ts';
import { Secret } from '../../src/core/secret.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { always, openTestGateway, smsTo } from '../support/sms-site.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/simulate.ts', import.meta.url));

function simulate(...args: string[]): {
  readonly said: () => string;
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
  readonly stop: () => void;
} {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const hear = (chunk: Buffer): void => void (said += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    said: () => said,
    until: async (pattern) => {
      for (;;) {
        const found = pattern.exec(said);
        if (found !== null) return found;
        await once(child.stdout, 'data');
      }
    },
    ended: once(child, 'close').then(([code]) => code as number | null),
    stop: () => void child.kill('SIGINT'),
  };
}

describe('npm run simulate', () => {
  it('prints address and token, serves, and ends on Ctrl-C', async () => {
    const running = simulate();
    const [, url, token] = await running.until(/apiRoot: (\S+)\n\s+token: (\S+)\n/);
    expect(await (await fetch(`${url}/bot${token}/getMe`)).json()).toMatchObject({ ok: true });
    running.stop();
    expect(await running.ended).toBe(0);
  });

  it('prints what the settings need of each SMS operator, and serves them', async () => {
    const running = simulate();
    await running.until(/operator: pushsms\n[^]*sender: \S+\n/);
    const blocks = [...running.said().matchAll(/operator: (\S+)\n\s+apiRoot: (\S+)\n\s+(?:apiKey|token): (\S+)\n\s+sender: (\S+)\n/g)];
    expect(blocks.map(([, operator]) => operator)).toEqual(['smsru', 'p1sms', 'pushsms']);
    for (const [, operator, apiRoot, key, sender] of blocks) {
      const gateway = openTestGateway(operator as GatewayName, {
        clock: createHandClock(),
        apiRoot: apiRoot ?? '',
        key: new Secret(key ?? ''),
        sender: sender ?? '',
      });
      expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'accepted', warning: null });
    }
    running.stop();
    expect(await running.ended).toBe(0);
  });

  it('takes the port, the token and the name it is given, and ends by itself', async () => {
    const running = simulate('--port', '0', '--minutes', '0.001', '--token', '42:own', '--bot', 'own_bot');
    expect(await running.ended).toBe(0);
    expect(running.said()).toContain('token: 42:own');
  });

  it('speaks Russian when it is asked to', async () => {
    const running = simulate('--minutes', '0.001', '--language', 'ru');
    expect(await running.ended).toBe(0);
    expect(running.said()).toMatch(
      /^Подставной Telegram работает по адресу http:\/\/127\.0\.0\.1:\d+, минут: 0[.,]001\.\nДля файла настроек:\n/,
    );
    expect(running.said()).toContain('Закончить – Ctrl-C.');
  });

  it.each([
    [['--language', 'de'], 'Usage: npm run simulate'],
    [['--minuts', '1'], 'Usage: npm run simulate'],
    [['--minuts', '1', '--language', 'ru'], 'Вызов: npm run simulate'],
    [['--port', 'eighty', '--language', 'ru'], '--port: нужно число от 0 до 65535'],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const running = simulate(...args);
    expect(await running.ended).toBe(2);
    expect(running.said()).toContain(sentence);
    expect(running.said()).not.toContain('    at ');
  });

  it('has every sentence in both languages', () => {
    for (const { ru, en } of Object.values(SIMULATE_TEXTS)) {
      expect(en).not.toMatch(/[а-яё]/i);
      expect(ru).toMatch(/[а-яё]/i);
    }
  });

  it('says what is wrong with a number', async () => {
    const running = simulate('--port', 'eighty');
    expect(await running.ended).toBe(2);
    expect(running.said()).toContain('--port must be a number from 0 to 65535');
  });
});
