import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunApp } from '../../src/run/context.ts';
import { MINUTE, noticesOf, SECOND, subscribe } from '../support/guests.ts';
import type { Guest } from '../support/guests.ts';
import { openWorld } from '../support/world.ts';
import type { RunWish, World } from '../support/world.ts';

/** Batches of 20, claimed in parts of 10. */
const LARGE = { broadcast: 'paid', rate: 970, concurrency: 20 } as const;

let world: World;
let guests: readonly Guest[];
beforeEach(async () => {
  world = await openWorld();
  world.telegram.setLatency(30);
  guests = await subscribe(world, 60);
  guests.forEach(({ customer }, index) => void world.operation(customer, { ago: MINUTE, sum: -1 - index }));
});
afterEach(() => world.close());

const run = (wish: Omit<RunWish, 'settings'> = {}) => world.run({ ...wish, settings: LARGE });
const told = (): number[] => guests.map((guest) => noticesOf(guest).length);
const ONCE = Array.from({ length: 60 }, () => 1);

/** Runs before the n-th send, counted from 1. */
const atSend = (n: number, act: () => void): RunWish => {
  let calls = 0;
  return {
    app: ({ channel }: RunApp) => ({
      channel: {
        ...channel,
        send: async (message, mayBegin) => {
          calls += 1;
          if (calls === n) act();
          return channel.send(message, mayBegin);
        },
      },
    }),
  };
};

describe('a batch that is claimed in parts', () => {
  it('tells everybody once, with never more than a batch on the wire', async () => {
    let onWire = 0;
    let most = 0;
    const summary = await run({
      app: ({ channel }) => ({
        channel: {
          ...channel,
          send: async (message, mayBegin) => {
            onWire += 1;
            most = Math.max(most, onWire);
            const outcome = await channel.send(message, mayBegin);
            onWire -= 1;
            return outcome;
          },
        },
      }),
    });
    expect(summary).toMatchObject({ exitCode: 0, sent: { delivered: 60 } });
    expect([told(), most]).toEqual([ONCE, 20]);
  });

  it('goes on while one of its calls takes long', async () => {
    world.telegram.faults.add({ kind: 'delay', ms: 20 * SECOND, method: 'sendMessage' });
    const before = world.clock.now();
    expect(await run()).toMatchObject({ exitCode: 0, sent: { delivered: 60 } });
    const late = world.telegram.messages.filter(({ html, at }) => html.includes('₽') && at - before > 10 * SECOND);
    expect([told(), late.length]).toEqual([ONCE, 1]);
  });

  it('claims nothing after an outcome is unknown until Telegram answers, so that an outage leaves one batch in doubt at most', async () => {
    const wish = atSend(25, () => {
      world.telegram.faults.add({ kind: 'closeAfterProcessing', times: Number.POSITIVE_INFINITY });
    });
    const summary = await run(wish);
    expect(summary).toMatchObject({ exitCode: 4, findings: [{ code: 'telegram_unreachable' }] });
    expect(summary.sent.inDoubt).toBeGreaterThan(0);
    expect(summary.sent.inDoubt).toBeLessThanOrEqual(20);
    expect(world.states()).toEqual({
      delivered: summary.sent.delivered,
      in_doubt: summary.sent.inDoubt,
      planned: 60 - summary.sent.delivered - summary.sent.inDoubt,
    });
  });

  it('claims nothing after one unknown outcome before the wire is empty, then goes on', async () => {
    let claimed = 0;
    const wish = atSend(25, () => void world.telegram.faults.add({ kind: 'closeAfterProcessing' }));
    const summary = await run({
      app: (app) => ({
        ...wish.app?.(app),
        ledger: {
          ...app.ledger,
          advance: async (request) => {
            const answer = await app.ledger.advance(request);
            if (answer.answer === 'claimed') claimed += answer.notices.length;
            return answer;
          },
        },
      }),
    });
    expect(summary).toMatchObject({ exitCode: 4, sent: { delivered: 59, inDoubt: 1 } });
    expect(told()).toEqual(ONCE);
    // A part at most was claimed before the outcome was known, and went back unbegun.
    expect(claimed).toBeLessThanOrEqual(60 + 10);
  });

  it('lets what is on the wire end when it is interrupted, and records it', async () => {
    const stop = new AbortController();
    const wish = atSend(25, () => stop.abort());
    const summary = await run({ app: (app) => ({ ...wish.app?.(app), signal: stop.signal }) });
    expect(summary).toMatchObject({ exitCode: 130, sent: { inDoubt: 0 } });
    expect(summary.sent.delivered).toBeLessThan(25);
    expect(world.states()).toEqual({ delivered: summary.sent.delivered, planned: 60 - summary.sent.delivered });
    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(told()).toEqual(ONCE);
  });

  it('ends with a fault of the program only when its neighbours’ outcomes are in the ledger', async () => {
    const wish = atSend(25, () => {
      throw new TypeError('a mistake');
    });
    await expect(run(wish)).rejects.toThrow('a mistake');
    const states = world.states();
    expect([states['in_doubt'], states['sending']]).toEqual([1, undefined]);
    expect(states['delivered']).toBe(told().filter((n) => n === 1).length);
  });

  it('ends with a database that fails only when the calls on the wire have ended, and saves them at the second try', async () => {
    let failures = 0;
    const failing: RunWish = {
      app: ({ ledger }) => ({
        ledger: {
          ...ledger,
          advance: async (request) => {
            if (request.finished.length === 0 || failures > 0) return ledger.advance(request);
            failures += 1;
            throw new Error('locked');
          },
        },
      }),
    };
    await expect(run(failing)).rejects.toThrow('locked');
    expect(world.states()).toEqual({ delivered: 20, planned: 40 });
    expect(await run()).toMatchObject({ exitCode: 0, sent: { orphaned: 0 } });
    expect(told()).toEqual(ONCE);
  });
});
