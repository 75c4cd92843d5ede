import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { settingsJsonSchema } from '../../../src/cli/settings/json-schema.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { ProcessSite } from '../../support/processes.ts';

const CUSTOMER = '00000000-0000-4000-8000-000000000001';
const MARK = 'PLANTED';
/** One in each setting that holds a secret, each in the form that its setting wants. */
const SECRETS: Readonly<Record<string, string>> = {
  'telegram.token': `7000000001:${MARK}-token-0123456789-abcdefghijk`,
  'telegram.proxy': `http://name:${MARK}-password@127.0.0.1:9`,
  'sms.apiKey': `${MARK}-api-key-0123456789`,
  'sms.token': `${MARK}-sms-token-0123456789`,
};

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite();
});
afterAll(() => site.close());

/** In the file itself, or referred to from it in both ways. */
function plant(way: 'literal' | 'reference'): { readonly file: string; readonly env: Record<string, string> } {
  const env: Record<string, string> = {};
  const value = (path: string): string => {
    const secret = SECRETS[path] ?? '';
    if (way === 'literal') return secret;
    if (path.startsWith('telegram')) {
      env[path.replace('.', '_').toUpperCase()] = secret;
      return `env:${path.replace('.', '_').toUpperCase()}`;
    }
    writeFileSync(join(site.folder, path), secret, { mode: 0o600 });
    return `file:${path}`;
  };
  const file = join(site.folder, `${way}.yaml`);
  const lines = [
    'database: site.sqlite',
    'language: en',
    `log: { folder: log-${way}, level: debug }`,
    `telegram: { token: '${value('telegram.token')}', proxy: '${value('telegram.proxy')}' }`,
    `sms: { operator: smsru, apiKey: '${value('sms.apiKey')}', token: '${value('sms.token')}' }`,
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  return { file, env };
}

const COMMANDS: readonly (readonly string[])[] = [
  ['settings', 'show'],
  ['run', '--since-last'],
  ['run', '--since', '2026-01-01', '--dry-run'],
  ['status'],
  ['bot'],
  ['preview'],
  ['explain', CUSTOMER],
  ['link', CUSTOMER],
  ['install'],
  ['resolve'],
  ['pause'],
  ['resume'],
];

describe('planted secrets', { timeout: 120_000 }, () => {
  it('stand in every setting that holds one', () => {
    const text = JSON.stringify(settingsJsonSchema());
    for (const path of Object.keys(SECRETS)) expect(text).toContain(`"${path.split('.')[1]}"`);
  });

  it.each(['literal', 'reference'] as const)('by %s are in no output and no log, whatever is done with them', async (way) => {
    const { file, env } = plant(way);
    const said: string[] = [];
    for (const args of way === 'literal' ? COMMANDS : COMMANDS.slice(0, 5)) {
      const both = [[], ['--json']].map((json) => site.call([...args, ...json], { settings: file, env }).ended);
      for (const { code, out, err } of await Promise.all(both)) {
        expect(code, `${args.join(' ')}: ${err}`).not.toBe(1);
        said.push(out, err);
      }
    }
    const log = join(site.folder, `log-${way}`);
    said.push(...readdirSync(log).map((name) => readFileSync(join(log, name), 'utf8')));
    expect(said.filter((text) => text.includes(MARK))).toEqual([]);
    // They were used, and not merely left out: the proxy that they name was asked.
    expect(said.join('\n')).toContain('127.0.0.1');
  });
});
