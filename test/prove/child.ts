/** `node test/prove/child.ts CHAPTER ENGINE SEEDS FIRST_SEED FOLDER MINUTES`: one chapter in a process of its own. Ends with its parent. */
import type { EngineName } from './chapter.ts';
import { CHAPTERS } from './chapters.ts';
import { openProgress } from './progress.ts';

const [name = '', engine = '', seeds = '', firstSeed = '', folder = '', minutes = ''] = process.argv.slice(2);
const chapter = CHAPTERS[engine as EngineName].find((one) => one.name === name);
if (chapter === undefined) throw new Error(`no chapter ${name} on ${engine}`);

const orphaned = (): never => process.exit(1);
process.on('disconnect', orphaned);
await chapter.work({
  seeds: Number(seeds),
  firstSeed: Number(firstSeed),
  progress: openProgress(folder),
  deadline: performance.now() + Number(minutes) * 60_000,
  tell: (line) => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${name} ${line}\n`),
});
process.off('disconnect', orphaned);
process.disconnect();
// Connections that were kept warm would hold it.
process.exit(0);
