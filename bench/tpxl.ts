/**
 * `npm run bench:tpxl [-- WORD]`: peak memory of the program with object files of 100 MB, as a multiple of their size: decoding and encoding,
 * and the commands. Each is measured in a process of its own; the bar is 6, the process itself (about 60 MB) included. With a word, only the
 * shapes and ways that contain it.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bytesOf, SHAPES } from './tpxl/shapes.ts';

const BAR = 6;
const WAYS = ['codec', 'verify', 'inspect', 'json', 'extract'] as const;
type Way = (typeof WAYS)[number];
/** So many files of their own measure the disk. */
const NOT_EXTRACTED = /,000 objects|texts of 6|aligned/;

const ARGUMENTS: Readonly<Record<Exclude<Way, 'codec'>, (file: string) => readonly string[]>> = {
  verify: (file) => ['tpxl', 'verify', file],
  inspect: (file) => ['tpxl', 'inspect', file],
  json: (file) => ['tpxl', 'inspect', file, '--json'],
  extract: (file) => ['tpxl', 'inspect', file, '--extract', `${file}.d`],
};

interface Measured {
  readonly peak: number;
  readonly seconds: number;
}

if (process.argv[2] === '--make') writeFileSync(process.argv[4]!, bytesOf(process.argv[3]!));
else if (process.argv[2] === '--child') {
  await work(process.argv[3] as Way | 'build', process.argv[4]!);
  const measured: Measured = { peak: process.resourceUsage().maxRSS * 1024, seconds: process.cpuUsage().user / 1e6 };
  writeSync(3, JSON.stringify(measured));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-tpxl-'));
  const word = process.argv[2] ?? '';
  try {
    for (const shape of Object.keys(SHAPES)) {
      const ways = WAYS.filter((way) => `${way}, ${shape}`.includes(word) && (way !== 'extract' || !NOT_EXTRACTED.test(shape)));
      if (ways.length === 0) continue;
      const file = join(folder, 'large.tpxl_exp');
      child(['--make', shape, file]);
      for (const way of ways) tell(`${way}, ${shape}`, file, measure(way, file));
      rmSync(`${file}.d`, { recursive: true, force: true });
    }
    if ('build, one text'.includes(word)) tell('build, one text', join(folder, 'built'), measure('build', definitionIn(folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function work(way: Way | 'build', file: string): Promise<void> {
  if (way === 'codec') {
    const { decode } = await import('../src/tpxl/decode.ts');
    const { encode } = await import('../src/tpxl/encode.ts');
    const bytes = readFileSync(file);
    if (Buffer.compare(encode(decode(bytes)), bytes) !== 0) throw new Error('other bytes came back');
    return;
  }
  const { main } = await import('../src/main.ts');
  await main(way === 'build' ? ['tpxl', 'build', file, join(file, '..', 'built')] : ARGUMENTS[way](file));
}

function measure(way: Way | 'build', file: string): Measured {
  return JSON.parse(child(['--child', way, file])) as Measured;
}

/** Its results go nowhere, as into a file; answers what it says of itself. */
function child(args: readonly string[]): string {
  const nowhere = openSync('/dev/null', 'w');
  const { output, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', nowhere, 'inherit', 'pipe'],
  });
  closeSync(nowhere);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return output[3] ?? '';
}

function tell(what: string, file: string, { peak, seconds }: Measured): void {
  const size = readFileSync(file).length;
  const times = peak / size;
  const mark = times <= BAR ? 'met   ' : 'MISSED';
  const [mb, of] = [(peak / 2 ** 20).toFixed(0), (size / 2 ** 20).toFixed(0)];
  console.log(`${mark} ${what}: ${of} MB, peak ${mb} MB = ${times.toFixed(2)} × its size (bar: ${BAR}), ${seconds.toFixed(1)} s`);
  if (times > BAR) process.exitCode = 1;
}

/** One task type whose script makes a file of 100 MB. */
function definitionIn(folder: string): string {
  const source = join(folder, 'definition');
  mkdirSync(source);
  writeFileSync(join(source, 'task.sql'), 'SELECT 1 -- Ж\n'.repeat(50 * 2 ** 20 * (1 / 15)));
  writeFileSync(
    join(source, 'definition.yaml'),
    `createdAt: '2026-01-01 00:00:00.000'
utcOffsetMinutes: 180
objects:
  - { kind: taskType, id: 3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b, name: x, sql: task.sql }
`,
  );
  return source;
}
