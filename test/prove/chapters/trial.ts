import * as fc from 'fast-check';

import type { Trial } from './tries.ts';

/** A broken case is made smaller for so long at most: a whole run costs a second. */
const SHRINK_MS = 60_000;

/** A trial of whatever an arbitrary makes; what a seed stands for is the first value that it makes of it. */
export function arbitraryTrial<T>(
  arbitrary: fc.Arbitrary<T>,
  { judge, ...about }: Omit<Trial, 'run' | 'shrink'> & { readonly judge: (input: T) => Promise<readonly string[]> | readonly string[] },
): Trial {
  const sample = (seed: number): T => {
    const [first] = fc.sample(arbitrary, { seed, numRuns: 1 });
    if (first === undefined) throw new Error('nothing was sampled');
    return first;
  };
  return {
    ...about,
    run: (seed) => judge(sample(seed)),
    shrink: async (seed) => {
      const property = fc.asyncProperty(arbitrary, async (input) => (await judge(input)).length === 0);
      const { counterexample } = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS });
      return counterexample?.[0] ?? sample(seed);
    },
  };
}
