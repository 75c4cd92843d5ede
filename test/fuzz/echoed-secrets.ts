import { inspect } from 'node:util';

import * as fc from 'fast-check';

import { Secret } from '../../src/core/secret.ts';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openRawServer, rawAnswer } from '../support/raw-server.ts';
import type { RawRequest } from '../support/raw-server.ts';
import { testTelegramSettings } from '../support/telegram-wire.ts';

const NUMBER = '79161234567';
const LINK = 'AQEBAQEBAQEBAQEBAQEBAQ';
const SMS = { number: NUMBER, text: `Пенка: https://t.me/penka_bot?start=${LINK}`, reference: 'tp-17-a1b2c3' };

/** A service that says back all it was told, one way or another. */
export interface Echo {
  readonly token: string;
  readonly key: string;
  readonly status: number;
  readonly spelling: keyof typeof SPELLINGS;
  readonly shape: keyof typeof SHAPES;
  readonly before: string;
}

const SPELLINGS = {
  as_is: (text: string) => text,
  percent: (text: string) => encodeURIComponent(text.toWellFormed()),
  lower_percent: (text: string) => encodeURIComponent(text.toWellFormed()).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  json: (text: string) => JSON.stringify(text),
  json_in_json: (text: string) => JSON.stringify(JSON.stringify(text)),
  form: (text: string) => new URLSearchParams({ said: text }).toString(),
  address: (text: string) => `https://portal.example/?q=${encodeURIComponent(text.toWellFormed())}`,
  upper: (text: string) => text.toUpperCase(),
};

const SHAPES = {
  telegram: (said: string) => JSON.stringify({ ok: false, error_code: 400, description: said }),
  webhook: (said: string) => JSON.stringify({ ok: true, result: { url: `https://crm.example/${said}`, pending_update_count: 1 } }),
  smsru: (said: string) => JSON.stringify({ status: 'ERROR', status_code: 200, status_text: said }),
  p1sms: (said: string) => JSON.stringify({ status: 'error', data: { message: said } }),
  pushsms: (said: string) => JSON.stringify({ meta: { code: 422, message: said, errors: { text: [said] } } }),
  other: (said: string) => JSON.stringify({ deep: [{ said, other: [said] }] }),
  page: (said: string) => `<html>${said}</html>`,
};

const word = fc.string({ unit: fc.constantFrom(...'ABCdef0123456789-_'.split('')), minLength: 30, maxLength: 40 });

export const echoes: fc.Arbitrary<Echo> = fc.record({
  token: fc.tuple(fc.integer({ min: 100_000_000, max: 9_999_999_999 }), word).map(([bot, secret]) => `${bot}:${secret}`),
  key: fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 40 }).filter((key) => key.trim() === key && new Set(key).size > 5),
  status: fc.constantFrom(200, 400, 403, 404, 422, 500, 302),
  spelling: fc.constantFrom(...(Object.keys(SPELLINGS) as (keyof typeof SPELLINGS)[])),
  shape: fc.constantFrom(...(Object.keys(SHAPES) as (keyof typeof SHAPES)[])),
  before: fc.string({ unit: 'binary-ascii', maxLength: 280 }),
});

/** What the clients say after such answers, searched for the secrets; each found is a sentence. */
export async function findEchoed({ token, key, status, spelling, shape, before }: Echo): Promise<readonly string[]> {
  const server = await openRawServer(({ head, body, socket }: RawRequest) => {
    const said = SHAPES[shape](`${before} ${SPELLINGS[spelling](`${head.split('\r\n')[0]} ${body} ${token} ${key}`)}`);
    socket.write(rawAnswer(status, said, status === 302 ? { Location: `https://portal.example/${encodeURIComponent(token)}` } : {}));
  });
  try {
    const apiRoot = `http://127.0.0.1:${server.port}`;
    const channel = createTelegramChannel({
      settings: { ...testTelegramSettings(apiRoot), token: new Secret(token) },
      clock: createHandClock(),
    });
    const said: unknown[] = [
      channel,
      await channel.send({ chatId: '42', html: 'x', silent: false }, () => true),
      await channel.identify(),
      await channel.pull(1),
      await channel.readWebhook(),
      await channel.deleteWebhook(),
    ];
    channel.close();
    const bySms: unknown[] = [];
    for (const operator of GATEWAYS) {
      const settings = { operator, key: new Secret(key), sender: 'Penka', apiRoot, proxy: null, ca: null, timeoutMs: 30_000 };
      const gateway = createGateway({ settings, clock: createHandClock() });
      bySms.push(gateway, await gateway.send(SMS, () => true), await gateway.readBalance(), await gateway.readCost(SMS));
      gateway.close();
    }
    return [...leaks(said, [token, token.slice(token.indexOf(':') + 1)]), ...leaks(bySms, [key, NUMBER, LINK])];
  } finally {
    await server.close();
  }
}

function leaks(said: readonly unknown[], secrets: readonly string[]): string[] {
  const text = inspect(said, { depth: 10, showHidden: true, maxStringLength: null, breakLength: Infinity });
  const spoken = text.toLowerCase();
  return secrets
    .filter((secret) =>
      [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some((form) => spoken.includes(form.toLowerCase())),
    )
    .map((secret) => `shown: ${secret}`);
}
