/**
 * `npm run prove [-- --engine sqlite|mssql] [--seeds N] [--first-seed S] [--hours H] [--chapter NAME] [--fresh]`: tries hard to break every
 * promise and writes docs/proof.md. Interrupted, it goes on where it was.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Chapter } from './chapter.ts';
import { CHAPTERS, NOT_SHOWN } from './chapters.ts';
import { openProgress } from './progress.ts';
import { page } from './table.ts';
import type { Proof } from './table.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seeds: { type: 'string', default: '10000' },
    'first-seed': { type: 'string', default: '1' },
    hours: { type: 'string', default: '10' },
    chapter: { type: 'string', multiple: true },
    fresh: { type: 'boolean', default: false },
  },
});
const root = new URL('../../', import.meta.url);
const engine = values.engine === 'mssql' ? 'mssql' : 'sqlite';
const chosen = CHAPTERS.filter(({ name }) => values.chapter === undefined || values.chapter.includes(name));
const began = performance.now();
const wish = {
  seeds: count(values.seeds),
  firstSeed: count(values['first-seed']),
  deadline: began + Number(values.hours) * 3_600_000,
  progress: openProgress(fileURLToPath(new URL(`.prove/${engine}/`, root)), values.fresh),
  tell: (line: string) => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
};

const done: { name: string; rows: Proof['chapters'][number]['rows'] }[] = [];
for (const chapter of chosen.filter((one) => one.engines.includes(engine)))
  done.push({ name: chapter.name, rows: await chapter.run(wish) });
const proof: Proof = {
  command: `npm run prove -- ${process.argv.slice(2).join(' ')}`.trim(),
  engine,
  date: new Date().toISOString().slice(0, 10),
  minutes: Math.round((performance.now() - began) / 60_000),
  chapters: done,
  notShown: [...chosen.filter((one) => !one.engines.includes(engine)).map(absent), ...NOT_SHOWN[engine]],
};
const written = page(proof);
process.stdout.write(written);
if (chosen.length === CHAPTERS.length) writeFileSync(new URL(engine === 'sqlite' ? 'docs/proof.md' : 'docs/proof-mssql.md', root), written);
process.exitCode = done.every(({ rows }) => rows.every(({ kept }) => kept)) ? 0 : 1;

function absent({ name, engines }: Chapter): string {
  return `Chapter ${name} runs on ${engines.join(', ')} alone.`;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`not a count: ${text}`);
  return value;
}
