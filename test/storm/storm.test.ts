import { readdirSync, readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { storms } from './action.ts';
import type { Action } from './action.ts';
import { weather } from './storm.ts';

const SEEDS = 50;
/** Storms that once broke something, shrunk. */
const KEPT = new URL('kept/', import.meta.url);

describe('a storm', () => {
  it.each(readdirSync(KEPT))('that once broke a promise breaks it no more: %s', async (file) => {
    const { actions } = JSON.parse(readFileSync(new URL(file, KEPT), 'utf8')) as { readonly actions: readonly Action[] };
    expect((await weather(actions)).broken).toEqual([]);
  });

  it(`of whatever seed loses nothing, doubles nothing silently and lets nobody in (${SEEDS} of them)`, { timeout: 600_000 }, async () => {
    const property = fc.asyncProperty(storms, async (actions) => {
      expect((await weather(actions)).broken).toEqual([]);
    });
    await fc.assert(property, { numRuns: SEEDS, seed: 1 });
  });
});
