/**
 * `npm run prove [-- --engine sqlite|mssql] [--seeds N] [--first-seed S] [--hours H] [--lanes L] [--chapter NAME] [--fresh]`: tries hard to break every
 * promise and writes docs/proof.md. Interrupted, or out of its hours, it goes on where it was as long as program and tests are the same. Ends with 1
 * when a promise was not kept or a chapter's process died, with 2 when the wish makes no sense.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { openTestDatabase, serverUnderTest } from '../support/mssql-database.ts';
import { readCapabilities } from '../support/mssql-capabilities.ts';
import { digestTree } from '../support/tree-digest.ts';
import type { Chapter } from './chapter.ts';
import { CHAPTERS, NOT_SHOWN, ONLY_MICROSOFT_SHOWS } from './chapters.ts';
import { forecast } from './forecast.ts';
import { runLanes } from './lanes.ts';
import type { Death } from './lanes.ts';
import { readOptions } from './options.ts';
import { emptyProgress, openProgressOf } from './progress.ts';
import { spentMs } from './speeds.ts';
import { startChapter } from './start.ts';
import { page } from './table.ts';
import type { Proof } from './table.ts';

const read = readOptions(process.argv.slice(2), Math.min(4, availableParallelism()));
if (!read.ok) {
  process.stderr.write(`${read.problem}\n`);
  process.exit(2);
}
const { engine, seeds, firstSeed, lanes, hours, chapters, fresh } = read.options;
const STAND_IN = 'a stand-in for SQL Server';
const root = new URL('../../', import.meta.url);
const tell = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const all = CHAPTERS[engine];
const chosen = all.filter(({ name }) => chapters === null || chapters.includes(name));
const deadline = performance.now() + hours * 3_600_000;

const server = engine === 'mssql' ? await readServer() : null;
const folder = fileURLToPath(new URL(`.prove/${engine}/`, root));
if (fresh) emptyProgress(folder);
const program = digestTree(fileURLToPath(root));
const { progress, begunAnew } = openProgressOf(folder, { program, firstSeed });
if (begunAnew) tell('what was proven before was of another program, other tests or other seeds: all begins anew');
const wish = { seeds, firstSeed, progress };
for (const line of forecast(chosen, wish, { lanes, hours })) tell(line);
const deaths = await runLanes({ engine, lanes, wish, chapters: chosen, deadline, start: startChapter, tell });

const proof: Proof = {
  command: `npm run prove -- ${process.argv.slice(2).join(' ')}`.trim(),
  engine: server === null ? engine : `${engine} (${server})`,
  date: new Date().toISOString().slice(0, 10),
  lanes,
  program,
  seeds: `${seeds} seeds from ${firstSeed}`,
  chapters: chosen.map((chapter) => resultOf(chapter, deaths)),
  notShown: [
    ...CHAPTERS.sqlite.filter(({ name }) => all.every((one) => one.name !== name)).map(absent),
    ...NOT_SHOWN[engine],
    ...(server === STAND_IN ? ONLY_MICROSOFT_SHOWS : []),
  ],
};
const written = page(proof);
process.stdout.write(`\n${written}`);
if (chosen.length === all.length) writeFileSync(new URL(engine === 'sqlite' ? 'docs/proof.md' : 'docs/proof-mssql.md', root), written);
const isBroken = proof.chapters.some(({ rows }) => rows.some(({ verdict }) => verdict === 'broken'));
process.exitCode = isBroken || deaths.length > 0 ? 1 : 0;

function resultOf(chapter: Chapter, died: readonly Death[]): Proof['chapters'][number] {
  const { done, of } = chapter.reach(wish);
  return {
    name: chapter.name,
    rows: chapter.report(wish),
    reach: `${done} of ${of} ${chapter.unit}`,
    minutes: spentMs(chapter, wish) / 60_000,
    died: died.filter((death) => death.chapter === chapter.name).map(({ how, at }) => `${how} at ${at} UTC`),
  };
}

/** What the server under test says it is; without one the proof ends here. */
async function readServer(): Promise<string> {
  const found = serverUnderTest();
  if (found === null) {
    tell('skipped: no SQL Server here. TP_TEST_MSSQL=mssql://user:password@host:port/database npm run prove -- --engine mssql');
    process.exit(1);
  }
  const database = await openTestDatabase(found, 'probe');
  const { isMicrosoft, version } = await readCapabilities(database);
  await database.connection.close();
  return isMicrosoft ? version : STAND_IN;
}

function absent({ name }: Chapter): string {
  return `Chapter ${name} runs on the embedded engine alone.`;
}
