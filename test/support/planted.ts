import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FIELDS } from '../../src/cli/settings/fields.ts';

export const MARK = 'PLANTED';
/** Tokens of the simulated bot are told apart by what follows the number. */
const BOT_ID = '7000000001';

/** One in each setting that holds a secret, each in the form that its setting wants. */
export const PLANTED: Readonly<Record<string, string>> = {
  'sqlServer.password': `${MARK}-sql-password-0123456789`,
  'telegram.token': `${BOT_ID}:${MARK}-token-0123456789-abcdefghijk`,
  'telegram.proxy': `http://name:${MARK}-password@127.0.0.1:9`,
  'sms.apiKey': `${MARK}-api-key-0123456789`,
  'sms.token': `${MARK}-sms-token-0123456789`,
  'sms.proxy': `http://name:${MARK}-sms-password@127.0.0.1:9`,
};

export const SECRET_PATHS: readonly string[] = FIELDS.filter(({ notes }) => notes.secret !== undefined).map(({ path }) => path);

interface PlantWish {
  /** Of the file: without `.yaml`. */
  readonly name: string;
  /** Null = named by the section of the server. */
  readonly database: string | null;
  readonly way?: 'literal' | 'reference';
  /** Secrets that this file leaves out. */
  readonly without?: readonly string[];
  /** More lines; `section: key` pairs beside the secrets stand in `more`. */
  readonly more?: Readonly<Record<string, readonly string[]>>;
}

/** Writes settings that hold every secret, in themselves or by reference in both ways; answers the file and the variables it refers to. */
export function plant(folder: string, wish: PlantWish): { readonly file: string; readonly env: Record<string, string> } {
  const { name, database, way = 'literal', without = [], more = {} } = wish;
  const env: Record<string, string> = {};
  const refer = (path: string, secret: string): string => {
    if (way === 'literal') return secret;
    const bare = path.replace('.', '_').toUpperCase();
    if (path.startsWith('telegram')) {
      env[bare] = secret;
      return `env:${bare}`;
    }
    writeFileSync(join(folder, `secret-${path}`), secret, { mode: 0o600 });
    return `file:secret-${path}`;
  };
  const sections = new Map<string, string[]>();
  for (const [path, secret] of Object.entries(PLANTED)) {
    if (without.includes(path)) continue;
    const [section = '', key = ''] = path.split('.');
    sections.set(section, [...(sections.get(section) ?? []), `${key}: '${refer(path, secret)}'`]);
  }
  for (const [section, pairs] of Object.entries(more)) sections.set(section, [...(sections.get(section) ?? []), ...pairs]);
  const file = join(folder, `${name}.yaml`);
  const lines = [
    ...(database === null ? [] : [`database: '${database}'`]),
    'language: en',
    `log: { folder: log-${name}, level: debug }`,
    ...[...sections].map(([section, pairs]) => `${section}: { ${pairs.join(', ')} }`),
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  return { file, env };
}

/** The link key's bytes in the ways in which bytes are written. */
export function keyNeedles(keyFile: string): readonly string[] {
  const { keys } = JSON.parse(readFileSync(keyFile, 'utf8')) as { readonly keys: Readonly<Record<string, string>> };
  return Object.values(keys).flatMap((key) => {
    const bytes = Buffer.from(key, 'base64');
    return (['base64', 'base64url', 'hex'] as const).map((spelling) => bytes.toString(spelling).replace(/=+$/, ''));
  });
}

/** Files below the folder in whose bytes a needle stands: the ledger with its freed pages and its log, the memory, the journals. */
export function findInFiles(folder: string, needles: readonly string[]): readonly string[] {
  const isPlace = (name: string): boolean => /\.yaml$|^secret-|\.key\.json$/u.test(name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !isPlace(name) && statSync(join(folder, name)).isFile())
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      return needles.filter((needle) => bytes.includes(needle) || bytes.includes(needle, 0, 'utf16le')).map(() => name);
    });
}
