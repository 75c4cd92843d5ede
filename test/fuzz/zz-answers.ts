// @ts-nocheck
import * as fc from 'fast-check';
import { meddling } from './meddling.ts';
import { tellBadAnswers, inviteOverBadAnswers, GATEWAYS } from './bad-answers-story.ts';
const [what, from, n] = [process.argv[2], ...process.argv.slice(3).map(Number)];
process.on('unhandledRejection', (e) => console.log('UNHANDLED', e));
const plan = fc.array(fc.option(meddling, { freq: 4 }), { minLength: 1, maxLength: 12 });
const t0=performance.now(); const codes={};
for (let seed = from; seed < from + n; seed++) {
  const [m=[]] = fc.sample(plan, { seed, numRuns: 1 });
  const r = await (what === 'tg' ? tellBadAnswers(m) : inviteOverBadAnswers(GATEWAYS[seed % 3], m)).catch((e) => ({ broken: ['THROWN '+ (e.stack??e)], codes: {} }));
  for (const [c,k] of Object.entries(r.codes)) codes[c]=(codes[c]??0)+k;
  if (r.broken.length) console.log(seed, JSON.stringify(r.codes), r.broken.map(b=>b.slice(0,600)).join('\n   '), '\n      ', JSON.stringify(m).slice(0,1500));
}
console.log('ms each', (performance.now()-t0)/n, JSON.stringify(codes));
