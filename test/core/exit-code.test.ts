import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { EXIT, exitCodeOf } from '../../src/core/exit-code.ts';
import type { ExitCode } from '../../src/core/exit-code.ts';

const CODES = Object.values(EXIT);
/** Decision 26, from the one that hides all others to the one that hides none. */
const ORDER: readonly ExitCode[] = [1, 130, 7, 6, 3, 2, 5, 4, 8, 9, 0];

describe('exitCodeOf', () => {
  it('gives 0 when nothing was told', () => {
    expect(exitCodeOf([])).toBe(0);
  });

  it('knows each documented code, each once', () => {
    expect(CODES.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130]);
  });

  it.each(ORDER.slice(1).map((code, index) => [ORDER[index], code] as const))('gives %i before %i', (stronger, weaker) => {
    expect(exitCodeOf([weaker, stronger as ExitCode, weaker])).toBe(stronger);
  });

  it('gives the first of the order whatever comes how often and when', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CODES), { minLength: 1 }), (codes) => {
        expect(exitCodeOf(codes)).toBe(ORDER.find((code) => codes.includes(code)));
      }),
    );
  });
});
