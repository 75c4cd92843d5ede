import { REGULARS, type SampleCustomer } from './customers.ts';
import { accrue, giveBack, type Guest, payFromDeposit, visit, welcome } from './guest.ts';
import { makeHours } from './hours.ts';
import { type Movement, writeMovement } from './movement.ts';
import type { Till } from './till.ts';
import { MINUTE } from './wall-time.ts';

export interface VisitPlan {
  /** Operations to write, exactly. */
  readonly count: number;
  readonly customers: readonly SampleCustomer[];
  /** Milliseconds of the wall clock. */
  readonly from: number;
  readonly now: number;
  /** regulars: the first customers come most, as in life · even: one accrual a visit, customers in turn. */
  readonly spread: 'regulars' | 'even';
}

interface Debit {
  readonly id: string;
  readonly movement: Movement;
}

/** Operations kept back for the regulars' last visits. */
const KEPT_BACK = REGULARS * 3;
/** Debits that may still be returned. */
const REMEMBERED = 64;

/** Visits from the first day up to a minute before now; the regulars have just been here. */
export function fillVisits(till: Till, plan: VisitPlan): void {
  const hours = makeHours(plan.from, plan.now - MINUTE);
  const guests = plan.customers.map(welcome);
  const debits: (Debit | undefined)[] = Array.from({ length: REMEMBERED });
  let written = 0;

  const record = (movements: readonly Movement[]): void => {
    for (const movement of movements.slice(0, plan.count - written)) {
      const id = till.random.guid();
      writeMovement(till, id, movement);
      written += 1;
      if (movement.sum < 0 && movement.authorization !== undefined) debits[written % REMEMBERED] = { id, movement };
    }
  };
  const receiveUntil = (count: number): void => {
    while (written < count) {
      const at = hours(Math.min(1, (written + till.random.below(100) / 50) / plan.count));
      const debit = till.random.chance(0.006) ? takeDebit(debits, till) : undefined;
      record(debit === undefined ? visit(till, chooseGuest(guests, till), at) : [giveBack(debit, at)]);
    }
  };

  if (plan.spread === 'even') {
    while (written < plan.count) record([accrue(till, guests[written % guests.length] as Guest, hours(written / plan.count))]);
    return;
  }
  receiveUntil(plan.count - KEPT_BACK);
  for (const [index, guest] of guests.slice(0, REGULARS).entries()) {
    record(payFromDeposit(till, guest, Math.max(plan.from, plan.now - (3 + 7 * index) * MINUTE)));
  }
  receiveUntil(plan.count);
}

/** A product of two chances: the first tenth of the list comes a third of the time, yet nobody comes ten times a day. */
function chooseGuest(guests: readonly Guest[], { random }: Till): Guest {
  const share = (random.below(1_000_000) / 1_000_000) * (random.below(1_000_000) / 1_000_000);
  return guests[Math.floor(share * guests.length)] as Guest;
}

/** Each debit goes back once at most. */
function takeDebit(debits: (Debit | undefined)[], { random }: Till): Debit | undefined {
  const index = random.below(REMEMBERED);
  const debit = debits[index];
  debits[index] = undefined;
  return debit;
}
