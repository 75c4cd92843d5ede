import { describe, expect, it } from 'vitest';

import { createWire } from '../../src/run/wire.ts';

describe('the wire', () => {
  it('gives out what has ended once, in the order of its ends', async () => {
    const wire = createWire<string>();
    const [slow, quick] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    wire.put(slow.promise);
    wire.put(quick.promise);
    expect([wire.size, wire.take()]).toEqual([2, []]);
    quick.resolve('quick');
    await wire.until(1);
    slow.resolve('slow');
    await wire.until(0);
    expect([wire.size, wire.take(), wire.take()]).toEqual([0, ['quick', 'slow'], []]);
  });

  it('waits until no more are under way than may be, and not at all when that is so', async () => {
    const wire = createWire<number>();
    const calls = [1, 2, 3].map(() => Promise.withResolvers<number>());
    for (const call of calls) wire.put(call.promise);
    await wire.until(3);
    let reached = false;
    const waiting = wire.until(1).then(() => (reached = true));
    calls[0]?.resolve(1);
    await calls[0]?.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect([wire.size, reached]).toEqual([2, false]);
    calls[2]?.resolve(3);
    await waiting;
    expect([wire.size, reached, wire.take()]).toEqual([1, true, [1, 3]]);
  });
});
