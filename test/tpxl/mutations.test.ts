import fc from 'fast-check';
import { expect, test } from 'vitest';

import { judge, mutants } from './mutants.ts';

/** `npm run prove:tpxl` asks for 100,000. */
const COUNT = Number(process.env['TPXL_MUTATIONS'] ?? 3_000);

test(
  `${COUNT} damaged files are refused with place and reason, or come back to the byte; none takes long`,
  { timeout: 60_000 + COUNT * 20 },
  () => {
    const seen = new Map<string, number>();
    // Milliseconds of the processor: a busy machine is no fault of the codec.
    let slowest = 0;
    fc.assert(
      fc.property(mutants, (bytes) => {
        const began = process.cpuUsage();
        const verdict = judge(bytes);
        slowest = Math.max(slowest, process.cpuUsage(began).user / 1000);
        const key = verdict.read ? 'read' : verdict.code;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }),
      { numRuns: COUNT },
    );
    // The changes must reach behind the checksums, else nothing was tried.
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['read', 'checksum', 'truncated', 'constant', 'property_type']));
    expect(slowest).toBeLessThan(2_000);
  },
);
