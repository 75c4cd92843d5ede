/**
 * `npm run bench:tpxl`: peak memory of a process that decodes and encodes files of 100 MB, as a multiple of their size. Each file is
 * measured in a process of its own; the bar is 6, the process itself (about 50 MB) included.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { decode } from '../src/tpxl/decode.ts';
import { encode } from '../src/tpxl/encode.ts';
import type { Bag, Cell, Column, DatasetColumn, TpxlFile } from '../src/tpxl/values.ts';

const SIZE = 100 * 1024 * 1024;
const BAR = 6;
const idOf = (index: number): string => `3f2a1b4c-5d6e-4f70-8a9b-${index.toString(16).padStart(12, '0')}`;
const TYPE = '7309e48c-051e-49e5-b3bb-9b7bfbabb3d1';

const OBJECTS: readonly Column[] = [
  { name: 'ID', type: 'guid', nullable: true, max: 0 },
  { name: 'ObjectType', type: 'guid', nullable: true, max: 0 },
  { name: 'Name', type: 'text', nullable: false, max: 0x7fff_ffff },
  { name: 'Data', type: 'bytes', nullable: false, max: 0x7fff_ffff },
  { name: 'IsPrimary', type: 'bool', nullable: false, max: 0 },
];
const DATASET: readonly DatasetColumn[] = [
  { name: 'x_ID', type: 'guid', nullable: false, max: 0, offset: 0 },
  { name: 'x_Text', type: 'text', nullable: true, max: 0x3fff_ffff, offset: 17 },
  { name: 'x_Bytes', type: 'bytes', nullable: true, max: 0x7fff_ffff, offset: 26 },
];

function fileOf(count: number, cells: (index: number) => readonly Cell[]): TpxlFile {
  const rows = Array.from({ length: count }, (_none, index): readonly Cell[] => {
    const bag: Bag = [{ name: 'x', type: 'dataset', value: { columns: DATASET, rows: [cells(index)] } }];
    return [idOf(index), TYPE, `object ${index}`, bag, true];
  });
  return { root: [{ name: 'Data', type: 'bag', value: [{ name: 'Objects', type: 'table', value: { id: 1, columns: OBJECTS, rows } }] }] };
}

const FILES: Readonly<Record<string, () => TpxlFile>> = {
  'one text': () => fileOf(1, (index) => [idOf(index), 'Ж'.repeat(SIZE / 2), null]),
  'one picture': () => fileOf(1, (index) => [idOf(index), null, Buffer.alloc(SIZE, 7)]),
  '20,000 objects of 5 KB': () => fileOf(20_000, (index) => [idOf(index), `${index} `.repeat(2_600).slice(0, 2_560), null]),
  '100,000 objects of 1 KB': () => fileOf(100_000, (index) => [idOf(index), `${index} `.repeat(200).slice(0, 400), null]),
};

if (process.argv[2] === '--child') {
  const bytes = readFileSync(process.argv[3]!);
  const again = encode(decode(bytes));
  if (Buffer.compare(again, bytes) !== 0) throw new Error('other bytes came back');
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, seconds: process.cpuUsage().user / 1e6 }));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-tpxl-'));
  try {
    for (const [what, make] of Object.entries(FILES)) {
      const file = join(folder, 'large.tpxl_exp');
      const bytes = encode(make());
      writeFileSync(file, bytes);
      const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--child', file], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { peak, seconds } = JSON.parse(stdout) as { readonly peak: number; readonly seconds: number };
      const times = peak / bytes.length;
      console.log(
        `${times <= BAR ? 'met   ' : 'MISSED'} ${what}: ${(bytes.length / 2 ** 20).toFixed(0)} MB, peak ${(peak / 2 ** 20).toFixed(0)} MB = ${times.toFixed(2)} × its size (bar: ${BAR}), ${seconds.toFixed(1)} s`,
      );
      if (times > BAR) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
