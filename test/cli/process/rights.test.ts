import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openProcessSite } from '../../support/processes.ts';
import type { ProcessSite } from '../../support/processes.ts';
import { sharedGroup } from '../../support/shared-group.ts';

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite();
});
afterAll(() => site.close());

const POSIX = process.platform !== 'win32';

describe.skipIf(!POSIX)('files of the program (POSIX; on Windows the folder’s ACL decides)', { timeout: 60_000 }, () => {
  it('are readable and writable for their owner alone', async () => {
    // As long as somebody has the database open, its log stands beside it.
    site.states();
    await site.start().ended;
    const files = readdirSync(site.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(site.folder, name)).isFile(),
    );
    const modes = Object.fromEntries(files.map((name) => [name, (statSync(join(site.folder, name)).mode & 0o777).toString(8)]));
    expect(Object.keys(modes)).toEqual(
      expect.arrayContaining([
        'site.sqlite',
        'site.sqlite-wal',
        'tp-tg-notify.key.json',
        'tp-tg-notify.memory.json',
        'log/tp-tg-notify.log',
      ]),
    );
    expect(Object.entries(modes).filter(([, mode]) => mode !== '600')).toEqual([]);
  });

  it('of an earlier version are tightened: the log', async () => {
    const log = join(site.folder, 'log', 'tp-tg-notify.log');
    chmodSync(log, 0o644);
    await site.start().ended;
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'settings that others may write',
      'settings.yaml',
      0o602,
      /can change .*settings\.yaml.*chmod go-w/s,
      /могут изменить и другие.*chmod go-w/s,
    ],
    ['a folder that others may write', '.', 0o777, /another file in place of .*chmod go-w/s, /подменить файл.*chmod go-w/s],
    [
      'a link key that others may write',
      'tp-tg-notify.key.json',
      0o602,
      /change the link key.*chmod 600/s,
      /Ключ ссылок .* могут изменить и другие.*chmod 600/s,
    ],
  ])('%s are refused with 2 in both languages', async (_what, name, mode, en, ru) => {
    const path = join(site.folder, name);
    const former = statSync(path).mode & 0o777;
    chmodSync(path, mode);
    try {
      for (const [language, words] of [
        ['en', en],
        ['ru', ru],
      ] as const) {
        const { code, err } = await site.call(['run', '--since-last', '--language', language]).ended;
        expect(err).toMatch(words);
        expect(code).toBe(2);
      }
    } finally {
      chmodSync(path, former);
    }
    expect((await site.start().ended).code).toBe(0);
  });

  it.skipIf(sharedGroup() === null).each([
    ['settings', 'settings.yaml', 0o660, /can change .*settings\.yaml.*chmod go-w/s],
    ['the folder', '.', 0o770, /another file in place of .*chmod go-w/s],
    ['the link key', 'tp-tg-notify.key.json', 0o660, /change the link key.*chmod 600/s],
  ])('that a group of several accounts may write are refused with 2: %s', async (_what, name, mode, words) => {
    const path = join(site.folder, name);
    const former = statSync(path);
    chownSync(path, former.uid, sharedGroup() ?? former.gid);
    chmodSync(path, mode);
    try {
      const { code, err } = await site.call(['run', '--since-last']).ended;
      expect(err).toMatch(words);
      expect(code).toBe(2);
    } finally {
      chownSync(path, former.uid, former.gid);
      chmodSync(path, former.mode & 0o777);
    }
    expect((await site.start().ended).code).toBe(0);
  });

  it('that hold a secret and that others may write are refused: a token’s, an authority’s', async () => {
    for (const [name, setting] of [
      ['token.txt', "token: 'file:token.txt'"],
      ['own.pem', "token: 'env:TOKEN', ca: own.pem"],
    ] as const) {
      const path = join(site.folder, name);
      writeFileSync(
        path,
        name.endsWith('.pem') ? readFileSync(new URL('../../support/tls/ca.pem', import.meta.url)) : `7000000001:${'A'.repeat(35)}`,
      );
      chmodSync(path, 0o606);
      const settings = join(site.folder, 'other.yaml');
      writeFileSync(settings, `database: site.sqlite\nlanguage: en\ntelegram: { ${setting} }\n`, { mode: 0o600 });
      const { code, err } = await site.call(['run', '--since-last'], { settings, env: { TOKEN: `7000000001:${'A'.repeat(35)}` } }).ended;
      expect(err).toMatch(new RegExp(`can change .*${name}`));
      expect(code).toBe(2);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('the list of processes', { timeout: 60_000 }, () => {
  it('shows no secret of a run that is under way', async () => {
    const settings = join(site.folder, 'slow.yaml');
    const token = `7000000001:PLANTED-${'t'.repeat(27)}`;
    // An address of the documentation's network, where nobody answers: the run waits there until it is stopped.
    writeFileSync(
      settings,
      `database: site.sqlite\nfilters: { startDate: off }\ntelegram: { token: '${token}', apiRoot: 'http://192.0.2.1', proxy: 'http://name:PLANTED-word@192.0.2.1:9' }\n`,
      {
        mode: 0o600,
      },
    );
    const { child, ended } = site.call(['run', '--since-last'], { settings, env: {} });
    const of = (file: string): string => readFileSync(`/proc/${child.pid}/${file}`, 'latin1').replaceAll('\u0000', ' ');
    await expect.poll(() => of('cmdline')).toContain('--since-last');
    const shown = [of('cmdline'), of('comm'), of('stat')].join('\n');
    child.kill('SIGKILL');
    await ended;
    expect(shown).not.toContain('PLANTED');
  });
});
