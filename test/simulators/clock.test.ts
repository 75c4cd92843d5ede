import fc from 'fast-check';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSystemClock } from '../../src/host/clock.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';

const HOUR = 3_600_000;

describe('the virtual clock', () => {
  it('lets a day pass in no time', async () => {
    const clock = createVirtualClock(1_000);
    const began = performance.now();
    await clock.sleep(24 * HOUR);
    expect(clock.monotonic()).toBe(24 * HOUR);
    expect(clock.now()).toBe(1_000 + 24 * HOUR);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('wakes sleepers in the order of their times, and those of one time in the order they lay down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 30 }), async (times) => {
        const clock = createVirtualClock(0);
        const woken: [number, number][] = [];
        await Promise.all(times.map((ms, at) => clock.sleep(ms).then(() => woken.push([Math.max(ms, 0), at]))));
        expect(woken).toEqual(woken.toSorted((one, other) => one[0] - other[0] || one[1] - other[1]));
        expect(clock.monotonic()).toBe(Math.max(0, ...times));
      }),
      { numRuns: 30 },
    );
  });

  it('wakes a sleeper at once when its signal aborts, without moving time', async () => {
    const clock = createVirtualClock(0);
    const abort = new AbortController();
    const slept = clock.busy(new Promise((resolve) => setImmediate(resolve)).then(() => abort.abort()));
    await clock.sleep(HOUR, abort.signal);
    await slept;
    expect(clock.monotonic()).toBe(0);
    await clock.sleep(HOUR, abort.signal);
    expect(clock.monotonic()).toBe(0);
  });

  it('stands still while announced work is under way', async () => {
    const clock = createVirtualClock(0);
    const seen: number[] = [];
    const work = clock.busy(new Promise((resolve) => setTimeout(resolve, 30)).then(() => seen.push(clock.monotonic())));
    await Promise.all([work, clock.sleep(5)]);
    expect(seen).toEqual([0]);
    expect(clock.monotonic()).toBe(5);
  });

  it('does not wait for ever for work that never ends, and counts that', async () => {
    const clock = createVirtualClock(0);
    const lateEnd = clock.hold();
    await clock.sleep(5);
    expect([clock.monotonic(), clock.stalls]).toEqual([5, 1]);
    lateEnd();
    const began = performance.now();
    await clock.busy(Promise.resolve());
    for (let round = 0; round < 10; round += 1) await clock.sleep(5);
    expect([clock.monotonic(), clock.stalls]).toEqual([55, 1]);
    expect(performance.now() - began).toBeLessThan(900);
  });

  it('stands still while a tracked request is between client and server, and moves while the server has parked it', async () => {
    const clock = createVirtualClock(0);
    const server = createServer((_, response) => void clock.park(70).then(() => response.end(String(clock.monotonic()))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const ticks: number[] = [];
    const ticking = new AbortController();
    const tick = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(10, ticking.signal);
        if (ticking.signal.aborted) return;
        ticks.push(clock.monotonic());
      }
    };
    const ticked = tick();
    for (const due of ['70', '140', '210']) {
      expect(await clock.track(fetch(`http://127.0.0.1:${port}`).then((answer) => answer.text()))).toBe(due);
      expect(clock.monotonic()).toBe(Number(due));
    }
    ticking.abort();
    await ticked;
    expect(ticks.at(-1)).toBe(210);
    expect(clock.stalls).toBe(0);
  });

  it('jumps on the wall only', async () => {
    const clock = createVirtualClock(10 * HOUR);
    clock.jump(-HOUR);
    await clock.sleep(5);
    expect([clock.now(), clock.trueNow(), clock.monotonic()]).toEqual([9 * HOUR + 5, 10 * HOUR + 5, 5]);
  });

  it('moves by hand only as far as it is told, waking everybody on the way', async () => {
    const clock = createVirtualClock(0, { moves: 'by hand' });
    const seen: number[] = [];
    const walk = async (): Promise<void> => {
      for (let step = 0; step < 4; step += 1) {
        await clock.sleep(10);
        seen.push(clock.monotonic());
      }
    };
    void walk();
    await clock.advance(25);
    expect([seen, clock.monotonic()]).toEqual([[10, 20], 25]);
    await Promise.all([clock.advance(5), clock.advance(100)]);
    expect([seen, clock.monotonic()]).toEqual([[10, 20, 30, 40], 130]);
  });

  it('serves whoever lies down after everybody else has gone', async () => {
    const clock = createVirtualClock(0);
    void clock.sleep(Infinity);
    for (let round = 1; round <= 50; round += 1) {
      await clock.sleep(1);
      if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(clock.monotonic()).toBe(round);
    }
  });
});

describe('the system clock', () => {
  it('sleeps at least as long as it is asked to', async () => {
    const clock = createSystemClock();
    const began = clock.monotonic();
    await clock.sleep(12);
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(12);
  });

  it('wakes early when the signal aborts, and leaves no listener behind', async () => {
    const clock = createSystemClock();
    const began = clock.monotonic();
    await clock.sleep(60_000, AbortSignal.timeout(5));
    await clock.sleep(60_000, AbortSignal.abort());
    expect(clock.monotonic() - began).toBeLessThan(30_000);
  });

  it('tells the wall time of the host', () => {
    expect(Math.abs(createSystemClock().now() - Date.now())).toBeLessThan(1_000);
  });
});
