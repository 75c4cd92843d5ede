import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SUBSCRIPTION_STATES } from '../../src/core/glossary.ts';
import type { SubscriptionState } from '../../src/core/glossary.ts';
import type { SmsSettings } from '../../src/core/settings.ts';
import type { SmsOutcome } from '../../src/core/sms-outcome.ts';
import { hourIn, wallAt } from '../../src/core/wall-time.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { acceptedSms } from '../support/fake-gateway.ts';
import { openInviteSite } from '../support/invite-site.ts';
import type { InviteSite } from '../support/invite-site.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 'Europe/Moscow';
const GUESTS = 4;
const CAPS = { run: 7, day: 9, month: 14, customer: 6 };
const INTERVALS = [2, 5];
const SMS: Partial<SmsSettings> = { operator: 'smsru', caps: CAPS, intervals: INTERVALS, brake: 3 };

type Says = 'accepted' | 'number' | 'everybody' | 'later' | 'in_doubt' | 'dies';
type Step =
  | { readonly do: 'pay'; readonly guests: readonly number[] }
  | { readonly do: 'subscribe'; readonly guest: number; readonly state: SubscriptionState }
  | { readonly do: 'pass' | 'jump'; readonly ms: number }
  | { readonly do: 'telegram'; readonly up: boolean }
  | { readonly do: 'operator'; readonly says: Says }
  | { readonly do: 'run'; readonly yes: boolean };

const guest = fc.integer({ min: 0, max: GUESTS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pay'), guests: fc.uniqueArray(guest, { minLength: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe'), guest, state: fc.constantFrom(...SUBSCRIPTION_STATES) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(HOUR, 6 * HOUR, 11 * HOUR, DAY, 3 * DAY, 20 * DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.constantFrom(-3 * DAY, -2 * HOUR, 2 * HOUR, 40 * DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('telegram'), up: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('operator'),
      says: fc.constantFrom('accepted', 'accepted', 'number', 'everybody', 'later', 'in_doubt', 'in_doubt', 'dies'),
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('run'), yes: fc.boolean() }) },
) as fc.Arbitrary<Step>;

/** An SMS as it reached the operator. */
interface Reached {
  readonly number: string;
  /** By the database's clock. */
  readonly at: number;
  readonly run: number;
  readonly says: Says;
}

class Died extends Error {}

const OUTCOMES: Readonly<Record<string, SmsOutcome>> = {
  number: { outcome: 'refused', whose: 'number', code: 'stop_list', detail: '' },
  everybody: { outcome: 'refused', whose: 'everybody', code: 'sender', detail: '' },
  later: { outcome: 'later', code: 'unavailable', notBefore: null, detail: '' },
  in_doubt: { outcome: 'in_doubt', code: 'timeout', detail: '' },
};

/** Plays the steps and gives what reached the operator; what must hold at the very moment is asserted here. */
async function play(
  opened: InviteSite,
  steps: readonly Step[],
): Promise<{ readonly reached: readonly Reached[]; readonly paid: readonly number[] }> {
  const { site, operator } = opened;
  const customers: string[] = [];
  for (let at = 0; at < GUESTS; at += 1) customers.push(await site.addCustomer({ profilePhone: `8 916 000-00-0${at}` }));
  const paid = customers.map(() => 0);
  const subscribed = new Set<number>();
  const reached: Reached[] = [];
  let says: Says = 'accepted';
  let runs = 0;
  let dead = false;
  operator.outcome = ({ number }) => {
    reached.push({ number, at: site.now(), run: runs, says });
    expect([opened.isUp, subscribed.has(Number(number.at(-1)))]).toEqual([true, false]);
    if (says !== 'dies') return OUTCOMES[says] ?? acceptedSms(`id-${reached.length}`);
    dead = true;
    throw new Died('the process is no more');
  };
  // A dead process writes nothing more, not even what it knows.
  const mortal = (ledger: Ledger): Ledger =>
    new Proxy(ledger, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (dead) throw new Died('the process is no more');
          return method.apply(target, args);
        };
      },
    });
  for (const one of steps) {
    switch (one.do) {
      case 'pay':
        for (const at of one.guests) {
          await site.addOperations([{ customer: customers[at] ?? '', date: site.wall() }]);
          paid[at] = (paid[at] ?? 0) + 1;
        }
        break;
      case 'subscribe':
        await site.subscribe('7000000001', { customerId: customers[one.guest] ?? '', chatId: String(100 + one.guest), state: one.state });
        subscribed.add(one.guest);
        break;
      case 'pass':
      case 'jump':
        site.pass(one.ms);
        break;
      case 'telegram':
        opened.isUp = one.up;
        break;
      case 'operator':
        ({ says } = one);
        break;
      case 'run':
        // Nothing is polled twice within Telegram's anti-spin time.
        site.pass(10_000);
        runs += 1;
        dead = false;
        await opened.run({ sms: SMS, timeToLiveMs: 3650 * DAY }, { yes: one.yes, wrap: mortal }).catch((error: unknown) => {
          if (!(error instanceof Died)) throw error;
        });
    }
  }
  return { reached, paid };
}

const sum = (items: readonly Reached[]): number => 2 * items.length;
const groups = (items: readonly Reached[], keyOf: (one: Reached) => string): readonly (readonly Reached[])[] => [
  ...Map.groupBy(items, keyOf).values(),
];

describe('invitations', () => {
  it('keep their intervals, caps and hours, and reach nobody who subscribed, whatever happens in whatever order', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 45 }), async (steps) => {
        const opened = openInviteSite();
        try {
          const { reached, paid } = await play(opened, steps);
          sent += reached.length;
          // What surely wasn't sent comes again; all else counts as sent, a death in the middle of the call too. A number's refusal costs nothing.
          const invited = reached.filter(({ says }) => says !== 'later' && says !== 'everybody');
          const counted = invited.filter(({ says }) => says !== 'number');
          for (const { at } of reached) expect([9, 22]).toEqual([Math.min(9, hourIn(at, ZONE)), Math.max(22, hourIn(at, ZONE))]);
          for (const of of groups(invited, ({ number }) => number)) {
            expect(of.length).toBeLessThanOrEqual(Math.min(1 + INTERVALS.length, paid[Number(of[0]?.number.at(-1))] ?? 0));
            for (const [index, { at }] of of.entries()) {
              const before = of[index - 1];
              if (before !== undefined) expect(at - before.at).toBeGreaterThanOrEqual((INTERVALS[index - 1] ?? 0) * DAY);
            }
          }
          for (const of of groups(counted, ({ number }) => number)) expect(sum(of)).toBeLessThanOrEqual(CAPS.customer);
          for (const of of groups(counted, ({ run }) => String(run))) {
            expect(sum(of)).toBeLessThanOrEqual(CAPS.run);
            expect(of.filter(({ says }) => says === 'in_doubt' || says === 'dies').length).toBeLessThanOrEqual(1);
          }
          for (const of of groups(counted, ({ at }) => wallAt(at, ZONE).slice(0, 10))) expect(sum(of)).toBeLessThanOrEqual(CAPS.day);
          for (const of of groups(counted, ({ at }) => wallAt(at, ZONE).slice(0, 7))) expect(sum(of)).toBeLessThanOrEqual(CAPS.month);
        } finally {
          await opened.close();
        }
      }),
      { numRuns: Number(process.env['SEQUENCES'] ?? 25) },
    );
    // The property is worth something only where much was sent.
    expect(sent).toBeGreaterThan(30);
  }, 60_000);
});
