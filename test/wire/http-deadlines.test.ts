import { describe, expect, it, vi } from 'vitest';

import { createDeadlines } from '../../src/http/deadlines.ts';
import { createHandClock } from '../support/hand-clock.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('deadlines', () => {
  it('expire each at its own time, once', async () => {
    const clock = createHandClock();
    const deadlines = createDeadlines(clock, 100);
    const expired: string[] = [];
    deadlines.start(() => expired.push('first'));
    clock.pass(40);
    deadlines.start(() => expired.push('second'));
    clock.pass(59);
    await settle();
    expect(expired).toEqual([]);
    clock.pass(1);
    await settle();
    expect(expired).toEqual(['first']);
    clock.pass(40);
    await settle();
    expect(expired).toEqual(['first', 'second']);
    clock.pass(1000);
    await settle();
    expect(expired).toHaveLength(2);
    expect(clock.sleeping).toBe(0);
  });

  it('that are called off do not expire, and nobody is left asleep', async () => {
    const clock = createHandClock();
    const deadlines = createDeadlines(clock, 100);
    const expire = vi.fn<() => void>();
    const [callOffFirst, callOffSecond] = [deadlines.start(expire), deadlines.start(expire)];
    callOffFirst();
    expect(clock.sleeping).toBe(1);
    callOffSecond();
    expect(clock.sleeping).toBe(0);
    clock.pass(1000);
    await settle();
    expect(expire).not.toHaveBeenCalled();
  });

  it('of many calls are watched by one sleeper', async () => {
    const clock = createHandClock();
    const deadlines = createDeadlines(clock, 100);
    const expire = vi.fn<() => void>();
    for (let index = 0; index < 1000; index += 1) deadlines.start(expire);
    expect(clock.sleeping).toBe(1);
    clock.pass(100);
    await settle();
    expect(expire).toHaveBeenCalledTimes(1000);
  });

  it('hold for calls that begin right when the last one ended', async () => {
    const clock = createHandClock();
    const deadlines = createDeadlines(clock, 100);
    const expire = vi.fn<() => void>();
    deadlines.start(() => {})();
    deadlines.start(expire);
    await settle();
    clock.pass(100);
    await settle();
    expect(expire).toHaveBeenCalledOnce();
  });
});
