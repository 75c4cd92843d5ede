import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runHere } from '../support/in-process.ts';
import { openProcessSite } from '../support/processes.ts';
import type { ProcessSite } from '../support/processes.ts';
import { PLACES, PLACES_SITE } from './places.ts';

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite({ guests: 12, ...PLACES_SITE });
}, 60_000);
afterAll(() => site.close());

describe('place and past attacked', { timeout: 60_000 }, () => {
  it.each(Object.entries(PLACES))('%s: nothing is sent, it is said in both languages, and the way out works', async (_name, trial) => {
    expect(await trial(site, (args, settings) => runHere([...args, '--settings', settings]))).toEqual([]);
  });
});
