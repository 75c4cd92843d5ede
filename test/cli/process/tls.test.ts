import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { SIMULATED_BOT } from '../../../src/simulators/telegram/simulator.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { ProcessSite } from '../../support/processes.ts';
import { openRawServer } from '../../support/raw-server.ts';
import type { Certificate } from '../../support/raw-server.ts';
import { openTdsServer } from '../../support/tds-server.ts';

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite();
});
afterAll(() => site.close());

interface Case {
  readonly what: string;
  readonly certificate: Certificate;
  /** What the settings trust beside the usual authorities. */
  readonly ca: string | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly en: RegExp;
  readonly ru: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: 'signed by nobody who is trusted',
    certificate: 'here',
    ca: null,
    en: /UNABLE_TO_VERIFY.*signed by nobody this machine trusts/s,
    ru: /UNABLE_TO_VERIFY.*подписан тем, кому эта машина не доверяет/s,
  },
  {
    what: 'the same, with the check switched off by the environment',
    certificate: 'here',
    ca: null,
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    en: /signed by nobody this machine trusts/,
    ru: /подписан тем, кому эта машина не доверяет/,
  },
  { what: 'for another name', certificate: 'elsewhere', ca: 'ca.pem', en: /ALTNAME.*for another name/s, ru: /ALTNAME.*на другое имя/s },
  {
    what: 'of 2020',
    certificate: 'expired',
    ca: 'expired.pem',
    en: /EXPIRED.*not valid today/s,
    ru: /EXPIRED.*Срок действия сертификата/s,
  },
];

describe('a run that meets a certificate', { timeout: 60_000 }, () => {
  it.each(CASES)('$what sends nothing and says so in both languages', async ({ what, certificate, ca, env = {}, en, ru }) => {
    const server = await openRawServer(() => {}, { certificate });
    onTestFinished(() => server.close());
    const settings = join(site.folder, 'tls.yaml');
    if (ca !== null) copyFileSync(fileURLToPath(new URL(`../../support/tls/${ca}`, import.meta.url)), join(site.folder, ca));
    writeFileSync(
      settings,
      [
        'database: site.sqlite',
        'filters: { startDate: off }',
        `telegram: { token: '${SIMULATED_BOT.token}', apiRoot: 'https://localhost:${server.port}'${ca === null ? '' : `, ca: ${ca}`} }`,
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    for (const [language, words] of [
      ['en', en],
      ['ru', ru],
    ] as const) {
      site.passPollTime();
      const { code, out, err } = await site.call(['run', '--since-last', '--language', language], { settings, env }).ended;
      expect(`${what}: ${out}${err}`).toMatch(words);
      expect(code).toBe(8);
    }
    expect(server.requests).toEqual([]);
  });
});

const UNTRUSTED = [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }] as const;

describe('a command that meets a certificate signed by nobody who is trusted', { timeout: 60_000 }, () => {
  it.each(UNTRUSTED)('sends an SMS operator no key and says so in both languages (environment: %o)', async (env) => {
    const server = await openRawServer(() => {}, { certificate: 'here' });
    onTestFinished(() => server.close());
    const settings = join(site.folder, 'sms-tls.yaml');
    const lines = [
      'database: site.sqlite',
      `sms: { operator: smsru, apiKey: 'key-of-nobody-0123456789', sender: PENKA, apiRoot: 'https://localhost:${server.port}' }`,
      '',
    ];
    writeFileSync(settings, lines.join('\n'), { mode: 0o600 });
    for (const [language, words] of [
      ['en', /signed by nobody this machine trusts/],
      ['ru', /подписан тем, кому эта машина не доверяет/],
    ] as const) {
      const { code, out, err } = await site.call(['sms', 'check', '--language', language], { settings, env }).ended;
      expect(out + err).toMatch(words);
      expect(code).toBe(8);
    }
    expect(server.requests).toEqual([]);
  });

  it.each(UNTRUSTED)('sends SQL Server no password and says so in both languages (environment: %o)', async (env) => {
    const server = await openTdsServer('here');
    onTestFinished(() => server.close());
    const settings = join(site.folder, 'sql-tls.yaml');
    const lines = [
      `database: mssql://tp:password-of-nobody@localhost:${server.port}/Tillypad`,
      `telegram: { token: '${SIMULATED_BOT.token}', apiRoot: 'http://127.0.0.1:9' }`,
      '',
    ];
    writeFileSync(settings, lines.join('\n'), { mode: 0o600 });
    for (const [language, words] of [
      ['en', /certificate is not trusted.*UNABLE_TO_VERIFY/s],
      ['ru', /сертификат.*UNABLE_TO_VERIFY/is],
    ] as const) {
      const { code, out, err } = await site.call(['run', '--since-last', '--language', language], { settings, env }).ended;
      expect(out + err).toMatch(words);
      expect(code).toBe(3);
    }
    expect(server.greeted).toBeGreaterThan(1);
    expect(server.passwords).toEqual([]);
  });
});
