import * as fc from 'fast-check';
import { badRows } from '/work/trees/fuzz/test/fuzz/bad-rows.ts';
import { FIELDS } from '/work/trees/fuzz/test/fuzz/bad-rows.ts';
import { tellBadRows } from '/work/trees/fuzz/test/fuzz/bad-rows-story.ts';
const [from, n] = process.argv.slice(2).map(Number);
const t0 = performance.now();
for (let seed = from; seed < from + n; seed++) {
  const [fields = []] = fc.sample(badRows, { seed, numRuns: 1 });
  const t = performance.now();
  const r = await tellBadRows(fields).catch((e) => ({ broken: ['THROWN ' + (e.stack ?? e)], codes: {} }));
  if (r.broken.length)
    console.log(
      seed,
      JSON.stringify(r.codes),
      r.broken.map((b) => b.slice(0, 600)).join('\n   '),
      '\n      FIELDS',
      fields.map((f) => `v${f.victim} ${FIELDS[f.field].column}=${JSON.stringify(f.value).slice(0, 120)}`).join('; '),
    );
}
console.log('ms each', (performance.now() - t0) / n);
