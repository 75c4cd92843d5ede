import type { SampleCustomer } from './customers.ts';
import { type Movement, UNIT } from './movement.ts';
import { type Check, numberByHand, openCheck, type Till } from './till.ts';
import { DAY, SECOND } from './wall-time.ts';
import { DISHES, REASONS_OF_STAFF } from './words.ts';

/** A customer and what is on the accounts, so that nobody spends what they don't have; 1/10,000 of the account's unit. */
export interface Guest {
  readonly customer: SampleCustomer;
  bonuses: number;
  deposit: number;
  staffCredit: number;
}

type Account = 'bonuses' | 'deposit' | 'staffCredit';

export function welcome(customer: SampleCustomer): Guest {
  return { customer, bonuses: 0, deposit: 0, staffCredit: 0 };
}

/** What a guest's coming moves; `at` in milliseconds of the wall clock. */
export function visit(till: Till, guest: Guest, at: number): readonly Movement[] {
  const { random } = till;
  if (guest.customer.staff) return [eatAsStaff(till, guest, at)];
  if (random.chance(0.03)) return [enterByHand(till, guest, at)];
  if (guest.deposit > 0 || random.chance(0.03)) return payFromDeposit(till, guest, at);
  if (guest.bonuses >= 50 * UNIT && random.chance(0.6)) return payWithBonuses(till, guest, at);
  return [accrue(till, guest, at)];
}

export function accrue(till: Till, guest: Guest, at: number): Movement {
  return accrueOn(openCheck(till, at), { till, guest, at });
}

/** Tops the deposit up first when it is short: three movements then, else two. */
export function payFromDeposit(till: Till, guest: Guest, at: number): readonly Movement[] {
  const check = openCheck(till, at);
  const price = check.total * UNIT;
  const topUp =
    guest.deposit < price
      ? [{ ...move(guest, 'deposit', price + 1000 * UNIT), ...check.marks, at, description: 'Пополнение на кассе' }]
      : [];
  const paidAt = later(till, at);
  const payment = { ...move(guest, 'deposit', -price), ...check.marks, at: paidAt, description: describeOrder(till) };
  return [...topUp, payment, accrueOn(check, { till, guest, at: later(till, paidAt) })];
}

export function giveBack(debit: { readonly id: string; readonly movement: Movement }, at: number): Movement {
  const { id, movement } = debit;
  return { ...movement, at: Math.max(at, movement.at + SECOND), sum: -movement.sum, returnOf: id, description: 'Возврат' };
}

function payWithBonuses(till: Till, guest: Guest, at: number): readonly Movement[] {
  const check = openCheck(till, at);
  const spent = Math.min(Math.floor(guest.bonuses / UNIT), Math.floor(check.total * 0.3)) * UNIT;
  const payment = { ...move(guest, 'bonuses', -spent), ...check.marks, at, description: describeOrder(till) };
  return [payment, accrueOn(check, { till, guest, at: later(till, at) })];
}

function accrueOn(check: Check, { till, guest, at }: { readonly till: Till; readonly guest: Guest; readonly at: number }): Movement {
  const percent = Math.max(1, guest.customer.percent);
  const description = till.random.chance(0.7) ? `Начислено ${percent} % от чека ${check.total} ₽` : null;
  return { ...move(guest, 'bonuses', (check.total * percent * UNIT) / 100), ...check.marks, at, description };
}

function eatAsStaff(till: Till, guest: Guest, at: number): Movement {
  const { random, directories } = till;
  if (guest.staffCredit < -5000 * UNIT) {
    return {
      ...move(guest, 'staffCredit', -guest.staffCredit),
      at,
      cashier: random.pick(directories.staff),
      description: 'Удержано из зарплаты',
    };
  }
  const check = openCheck(till, at);
  return { ...move(guest, 'staffCredit', -random.between(15, 60) * 10 * UNIT), ...check.marks, at, description: 'Питание персонала' };
}

/** One in ten is entered days after its date: such rows come back-dated. */
function enterByHand(till: Till, guest: Guest, at: number): Movement {
  const { random, directories } = till;
  const moved = random.chance(0.6)
    ? move(guest, 'deposit', random.between(2, 20) * 500 * UNIT)
    : move(guest, 'bonuses', random.between(2, 10) * 50 * UNIT);
  const date = random.chance(0.1) ? at - random.between(1, 20) * DAY : at;
  return {
    ...moved,
    at: date,
    cashier: random.pick(directories.staff),
    document: numberByHand(till),
    description: random.pick(REASONS_OF_STAFF),
  };
}

function move(guest: Guest, type: Account, sum: number): Pick<Movement, 'customerId' | 'type' | 'sum'> {
  guest[type] += sum;
  return { customerId: guest.customer.id, type, sum };
}

function later(till: Till, at: number): number {
  return at + till.random.between(2, 25) * SECOND;
}

function describeOrder({ random }: Till): string | null {
  if (random.chance(0.2)) return null;
  return random.chance(0.4) ? `Оплата заказа: ${random.pick(DISHES)}, ${random.pick(DISHES)}` : `Оплата заказа: ${random.pick(DISHES)}`;
}
