import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const ADAPTERS = ['host', 'http', 'simulators', 'sms', 'sql-server', 'sqlite', 'telegram', 'tpxl'] as const;
const CLIENTS: readonly string[] = ['sms', 'telegram'];
const GLOBALS = [
  'Date',
  'process',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'Buffer',
] as const;

/** What must not be imported from where, as a file of the layer writes it; `deep` is the same from a folder inside the layer. */
const FORBIDDEN: readonly (readonly [layer: string, paths: readonly string[]])[] = [
  [
    'core',
    [
      '../ports/ledger.ts',
      '../run/run.ts',
      '../cli/doors.ts',
      '../sqlite/ledger.ts',
      '../main.ts',
      'node:fs',
      'node:sqlite',
      'fs',
      'zod',
      'winston',
    ],
  ],
  ['core/deep', ['../../ports/ledger.ts', '../../run/run.ts', '../../main.ts', 'node:crypto', 'zod']],
  ['ports', ['../run/run.ts', '../cli/doors.ts', '../sqlite/ledger.ts', '../main.ts', 'node:fs']],
  ...['run', 'doctor'].map((layer) => [layer, ['../cli/doors.ts', '../main.ts', 'node:fs', 'zod', ...ADAPTERS.map(inside)]] as const),
  ['cli', ['../main.ts', ...ADAPTERS.map(inside)]],
  ['cli/commands', ['../../main.ts', ...ADAPTERS.map((adapter) => `../${inside(adapter)}`)]],
  ...ADAPTERS.map(
    (adapter) =>
      [adapter, ['../cli/doors.ts', '../run/run.ts', '../doctor/key.ts', '../main.ts', ...othersOf(adapter).map(inside)]] as const,
  ),
  ['simulators/telegram', ['../../telegram/channel.ts', '../../http/agent.ts', '../../run/run.ts', '../../cli/doors.ts', '../../main.ts']],
  ['.', ['./main.ts', './sqlite/ledger.ts', './cli/program.ts', './run/run.ts', './host/clock.ts']],
];

const ALLOWED: readonly (readonly [layer: string, paths: readonly string[]])[] = [
  ['core', ['./money.ts', 'intl-messageformat', 'libphonenumber-js', 'libphonenumber-js/max']],
  ['core/deep', ['./a.ts', '../money.ts', 'libphonenumber-js/max']],
  ['ports', ['./plan.ts', '../core/money.ts']],
  ...['run', 'doctor'].map((layer) => [layer, ['./open.ts', '../core/money.ts', '../ports/ledger.ts']] as const),
  ['cli', ['./doors.ts', './commands/run.ts', '../core/money.ts', '../run/run.ts', '../ports/ledger.ts', 'commander', 'node:fs']],
  [
    'cli/commands',
    ['./run.ts', '../doors.ts', '../render/say.ts', '../../core/money.ts', '../../run/run.ts', '../../ports/ledger.ts', 'zod'],
  ],
  ...ADAPTERS.map(
    (adapter) =>
      [
        adapter,
        ['./own.ts', '../core/money.ts', '../ports/ledger.ts', 'node:net', ...(CLIENTS.includes(adapter) ? ['../http/agent.ts'] : [])],
      ] as const,
  ),
  ['simulators/telegram', ['./bots.ts', '../presence.ts', '../../core/money.ts', '../../ports/ledger.ts', 'node:http']],
  ['.', ['./core/money.ts', './ports/ledger.ts', './cli/doors.ts', 'node:fs', 'winston']],
];

function inside(adapter: string): string {
  return `../${adapter}/own.ts`;
}

function othersOf(adapter: string): readonly string[] {
  return ADAPTERS.filter((other) => other !== adapter && !(other === 'http' && CLIENTS.includes(adapter)));
}

interface Case {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  /** The rule that must report the file; null = nothing may. */
  readonly rule: string | null;
}

const useType = (path: string): string => `import type { A } from '${path}';\nexport const a: A | null = null;\n`;

const imports = (table: typeof FORBIDDEN, rule: string | null): readonly Case[] =>
  table.flatMap(([layer, paths], row) =>
    paths.map((path, column) => ({
      title: `${layer} → ${path}`,
      file: posix.join('src', layer, `case-${row}-${column}${rule === null ? '-allowed' : ''}.ts`),
      text: useType(path),
      rule,
    })),
  );

const RESTRICTED = 'no-restricted-imports';

const CASES: readonly Case[] = [
  ...imports(FORBIDDEN, RESTRICTED),
  ...imports(ALLOWED, null),
  {
    title: 'main → everything',
    file: 'src/main.ts',
    text: `import { a } from './sqlite/ledger.ts';\nimport { b } from './cli/program.ts';\nexport const c = [a, b];\n`,
    rule: null,
  },
  ...GLOBALS.map((name) => ({
    title: `core uses ${name}`,
    file: `src/core/uses-${name}.ts`,
    text: `export const a = ${name};\n`,
    rule: 'no-restricted-globals',
  })),
  {
    title: 'core uses globalThis.Date',
    file: 'src/core/uses-global-this.ts',
    text: 'export const a = globalThis.Date;\n',
    rule: 'no-restricted-globals',
  },
  {
    title: 'core uses Math.random',
    file: 'src/core/uses-random.ts',
    text: 'export const a = Math.random();\n',
    rule: 'no-restricted-properties',
  },
  {
    title: 'run imports by value',
    file: 'src/run/by-value.ts',
    text: `import { a } from '../sqlite/a.ts';\nexport const b = a;\n`,
    rule: RESTRICTED,
  },
  { title: 'run imports in mid-code', file: 'src/run/dynamic.ts', text: `export const a = import('../sqlite/a.ts');\n`, rule: RESTRICTED },
  { title: 'run passes an export on', file: 'src/run/re-export.ts', text: `export { a } from '../sqlite/a.ts';\n`, rule: RESTRICTED },
  {
    title: 'run imports inside a type',
    file: 'src/run/inline.ts',
    text: `export type A = import('../sqlite/a.ts').A;\n`,
    rule: 'consistent-type-imports',
  },
  { title: 'a barrel', file: 'src/run/barrel.ts', text: `export * from './a.ts';\n`, rule: 'no-barrel-file' },
  { title: 'a default export', file: 'src/run/default.ts', text: 'export default 1;\n', rule: 'no-default-export' },
  {
    title: 'a cycle, first half',
    file: 'src/run/cycle-a.ts',
    text: `import { b } from './cycle-b.ts';\nexport const a = (): number => b();\n`,
    rule: 'no-cycle',
  },
  {
    title: 'a cycle, second half',
    file: 'src/run/cycle-b.ts',
    text: `import { a } from './cycle-a.ts';\nexport const b = (): number => a();\n`,
    rule: 'no-cycle',
  },
  {
    title: 'a cycle of types alone',
    file: 'src/run/cycle-c.ts',
    text: `import type { D } from './cycle-d.ts';\nexport type C = D | 1;\n`,
    rule: 'no-cycle',
  },
  {
    title: 'a cycle of types alone, second half',
    file: 'src/run/cycle-d.ts',
    text: `import type { C } from './cycle-c.ts';\nexport type D = C | 2;\n`,
    rule: 'no-cycle',
  },
  { title: 'a file of 301 lines', file: 'src/run/long.ts', text: 'export {};\n'.repeat(301), rule: 'max-lines' },
  {
    title: 'a fourth positional parameter',
    file: 'src/run/many.ts',
    text: 'export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d;\n',
    rule: 'max-params',
  },
  { title: 'printing outside of the command line', file: 'src/run/prints.ts', text: 'console.log(1);\n', rule: 'no-console' },
];

describe('the linter', () => {
  let folder: string;
  let reports: readonly { readonly file: string; readonly rule: string }[];
  const rulesOf = (file: string): readonly string[] => reports.filter((report) => report.file === file).map(({ rule }) => rule);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-layers-'));
    // Type information changes nothing here and would need the real tree.
    const config = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as { options: Record<string, unknown> };
    delete config.options['typeAware'];
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
    for (const { file, text } of CASES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format=json', '.'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { readonly filename: string; readonly code: string }[] };
    reports = diagnostics.map(({ filename, code }) => ({ file: filename.replaceAll('\\', '/'), rule: /\((.*)\)/.exec(code)?.[1] ?? code }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(CASES.filter(({ rule }) => rule !== null))('catches $title', ({ file, rule }) => {
    expect(rulesOf(file)).toContain(rule);
  });

  test.each(CASES.filter(({ rule }) => rule === null))('lets $title pass', ({ file }) => {
    expect(rulesOf(file)).toEqual([]);
  });
});

test('every folder of src is a layer that the linter knows', () => {
  const known = new Set(FORBIDDEN.map(([layer]) => layer.split('/')[0]));
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  const depths = folders.map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, 'src/').length).replaceAll('\\', '/'));
  expect(depths.filter((path) => !known.has(path.split('/')[0]))).toEqual([]);
  // The rules look one folder deep in core, cli and simulators and nowhere else.
  expect(depths.filter((path) => path.includes('/') && !/^(core|cli|simulators)\/[^/]+$/.test(path))).toEqual([]);
});
