/** `npm run sample -- FILE [--language ru|en]`: a Tillypad to try the program on. Exit codes: 0 made, 1 a fault, 2 the command line. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { say } from '../../src/cli/render/say.ts';
import type { Sentence } from '../../src/cli/render/say.ts';
import type { Language } from '../../src/core/glossary.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import { parseFlags } from './flags.ts';
import type { SampleFlags } from './flags.ts';
import { describeSite } from './next-steps.ts';
import { makeSampleSite } from './site.ts';
import { SAMPLE_TEXTS } from './texts.ts';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const parsed = parseFlags(process.argv.slice(2), wallAt(Date.now(), zone));
if ('help' in parsed) {
  process.stdout.write(parsed.help);
} else if ('problems' in parsed) {
  refuse(parsed.problems, parsed.language);
} else {
  const problem = findObstacle(parsed.flags);
  if (problem === null) make(parsed.flags, parsed.language);
  else refuse([say(problem.sentence, parsed.language, problem.args)], parsed.language);
}

/** Made under another name first, so that an interrupted fill is never taken for a site and an old one stays until the new one is whole. */
function make(flags: SampleFlags, language: Language): void {
  const started = performance.now();
  const unfinished = `${flags.file}.unfinished`;
  removeDatabase(unfinished);
  try {
    const site = makeSampleSite({ ...flags, file: unfinished });
    removeDatabase(flags.file);
    renameSync(unfinished, flags.file);
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(describeSite(site, flags, { language, platform: process.platform, seconds }));
  } catch (error) {
    removeDatabase(unfinished);
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${say(SAMPLE_TEXTS.fault, language, { file: flags.file, detail })}\n`);
    process.exitCode = 1;
  }
}

function findObstacle({
  file,
  force,
}: SampleFlags): { readonly sentence: Sentence; readonly args: Readonly<Record<string, string>> } | null {
  const folder = dirname(file);
  if (!existsSync(folder)) return { sentence: SAMPLE_TEXTS.noFolder, args: { folder } };
  if (!existsSync(file)) return null;
  if (statSync(file).isDirectory()) return { sentence: SAMPLE_TEXTS.isFolder, args: { file } };
  return force ? null : { sentence: SAMPLE_TEXTS.exists, args: { file } };
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function refuse(problems: readonly string[], language: Language): void {
  process.stderr.write(`${[...problems, say(SAMPLE_TEXTS.usage, language)].join('\n')}\n`);
  process.exitCode = 2;
}
