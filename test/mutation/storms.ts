/** `node test/mutation/storms.ts N`: plays the storms of the first N seeds; ends with 1 at the first that breaks anything. */
import * as fc from 'fast-check';

import { storms } from '../storm/action.ts';
import { weather } from '../storm/storm.ts';

const seeds = Number(process.argv[2]);
for (let seed = 1; seed <= seeds; seed += 1) {
  const [storm] = fc.sample(storms, { seed, numRuns: 1 });
  if (storm === undefined) throw new Error(`no storm of seed ${seed}`);
  const broken = await weather(storm).then(
    (weathered) => weathered.broken,
    (error: unknown) => [String(error)],
  );
  if (broken.length > 0) {
    process.stderr.write(`seed ${seed}: ${broken.join(' · ')}\n`);
    process.exit(1);
  }
}
