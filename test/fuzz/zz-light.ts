// @ts-nocheck
import * as fc from 'fast-check';
import { meddling } from './meddling.ts';
import { openWireStage, SERVICES } from './wire-answers.ts';
import { settingsChanges, taskParameters } from './odd-settings.ts';
import { judgeSettings, judgeParameters } from './settings-story.ts';
import { oddText } from './odd-texts.ts';
const [n] = process.argv.slice(2).map(Number);
let t=performance.now();
const stage = await openWireStage();
for (let seed=1; seed<=n; seed++) { const [m]=fc.sample(meddling,{seed,numRuns:1}); for (const s of SERVICES) { const b = await stage.ask(s,m); if (b.length) console.log(seed,s,b.join(' | '), JSON.stringify(m).slice(0,300)); } }
await stage.close(); console.log('wire', (performance.now()-t)/n); t=performance.now();
for (let seed=1; seed<=n; seed++) { const [c]=fc.sample(settingsChanges,{seed,numRuns:1}); const b=judgeSettings(c); if (b.length) console.log(seed,b.join(' | '),JSON.stringify(c).slice(0,400)); }
console.log('settings', (performance.now()-t)/n); t=performance.now();
for (let seed=1; seed<=n; seed++) { const [[p,id]]=fc.sample(fc.tuple(taskParameters, oddText(10)),{seed,numRuns:1}); const b=judgeParameters(p,id); if (b.length) console.log(seed,b.join(' | '),JSON.stringify([p,id]).slice(0,400)); }
console.log('params', (performance.now()-t)/n);
