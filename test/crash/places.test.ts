import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { runHere } from '../support/in-process.ts';
import { openProcessSite } from '../support/processes.ts';
import type { ProcessSite } from '../support/processes.ts';
import { OTHER_BOT, PLACES } from './places.ts';

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite({ guests: 12, bots: [SIMULATED_BOT, OTHER_BOT] });
}, 60_000);
afterAll(() => site.close());

describe('place and past attacked', { timeout: 60_000 }, () => {
  it.each(Object.entries(PLACES))('%s: nothing is sent, it is said in both languages, and the way out works', async (_name, trial) => {
    expect(await trial(site, (args, settings) => runHere([...args, '--settings', settings]))).toEqual([]);
  });
});
