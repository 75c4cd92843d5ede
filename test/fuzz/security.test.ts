import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { echoes, findEchoed } from './echoed-secrets.ts';
import { forgeriesThatPass, links } from './forged-links.ts';
import { findNamed, guestBooks } from './masked-run.ts';

const SEED = 20_261_124;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('a personal link', { timeout: 60_000 }, () => {
  it('is worth nothing with any bit, character, spelling, bot, customer, epoch, key or installation but its own', () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(forgeriesThatPass(link)).toEqual([]);
      }),
      { seed: SEED, numRuns: 1 },
    );
  });
});

describe('what is secret', { timeout: 120_000 }, () => {
  it('is in nothing that the clients say, in whatever spelling a service says it back', async () => {
    const property = fc.asyncProperty(echoes, async (echo) => {
      expect(await findEchoed(echo)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 40 });
  });

  it('is not in the log of a whole day, nor is a guest’s name or phone', async () => {
    const property = fc.asyncProperty(guestBooks, async (guests) => {
      expect(await findNamed(guests)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 1 });
  });

  it('stands in no snapshot, golden file or page of this repository', () => {
    const files = execFileSync('git', ['ls-files', '-z', 'docs', 'README.md', '*.snap', '*/golden/*', '*.json', '*.yaml', '*.yml'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
      .split('\u0000')
      .filter((name) => name !== '' && name !== 'package-lock.json');
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((name) =>
      [...readFileSync(`${ROOT}${name}`, 'utf8').matchAll(/\b\d{8,11}:[\w-]{35}\b/g)].map(([token]) => `${name}: ${token}`),
    );
    expect(found.filter((one) => !one.endsWith(SIMULATED_BOT.token))).toEqual([]);
  });
});
