/** `npm run sample -- FILE`: a Tillypad to try the program on. Exit codes: 0 made, 1 a fault, 2 the command line. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { wallAt } from '../../src/core/wall-time.ts';
import { parseFlags, type SampleFlags } from './flags.ts';
import { describeSite } from './next-steps.ts';
import { makeSampleSite } from './site.ts';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const parsed = parseFlags(process.argv.slice(2), wallAt(Date.now(), zone));
if ('help' in parsed) {
  process.stdout.write(parsed.help);
} else if ('problems' in parsed) {
  refuse(parsed.problems);
} else {
  const problem = findObstacle(parsed.flags);
  if (problem === null) make(parsed.flags);
  else refuse([problem]);
}

/** Made under another name first, so that an interrupted fill is never taken for a site and an old one stays until the new one is whole. */
function make(flags: SampleFlags): void {
  const started = performance.now();
  const unfinished = `${flags.file}.unfinished`;
  removeDatabase(unfinished);
  try {
    const site = makeSampleSite({ ...flags, file: unfinished });
    removeDatabase(flags.file);
    renameSync(unfinished, flags.file);
    process.stdout.write(describeSite(site, flags, (performance.now() - started) / 1000));
  } catch (error) {
    removeDatabase(unfinished);
    process.stderr.write(`${flags.file} could not be made: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function findObstacle({ file, force }: SampleFlags): string | null {
  if (!existsSync(dirname(file))) return `there is no folder ${dirname(file)}`;
  if (!existsSync(file)) return null;
  if (statSync(file).isDirectory()) return `${file} is a folder`;
  return force ? null : `${file} exists already; --force replaces it`;
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function refuse(problems: readonly string[]): void {
  process.stderr.write(
    `${problems.join('\n')}\nUsage: npm run sample -- FILE [--operations N] [--customers N] [--seed S] [--now DATE] [--force]\n`,
  );
  process.exitCode = 2;
}
