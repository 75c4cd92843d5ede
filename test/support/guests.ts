import type { Person } from '../../src/simulators/telegram/people.ts';
import { BOT_ID } from './world.ts';
import type { World } from './world.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A customer whose chat the ledger knows. */
export interface Guest {
  readonly customer: string;
  readonly person: Person;
}

/** Customers who pressed Start and were greeted; the run that learns of them is over. */
export async function subscribe(world: World, count: number): Promise<readonly Guest[]> {
  const guests = Array.from({ length: count }, (_, index) => {
    const name = `Гость ${index + 1}`;
    const customer = world.customer(name);
    return { customer, person: world.guest(customer, name) };
  });
  await nextPoll(world);
  await world.run();
  await nextPoll(world);
  return guests;
}

/** As subscribe, for one. */
export async function subscribeOne(world: World): Promise<Guest> {
  const [guest] = await subscribe(world, 1);
  if (guest === undefined) throw new Error('nobody subscribed');
  return guest;
}

/** Runs poll at most every four seconds. */
export function nextPoll(world: World): Promise<void> {
  return world.clock.advance(5 * SECOND);
}

/** What Telegram shows in the guest's chat, without the greeting. */
export function noticesOf({ person }: Guest): readonly string[] {
  return person.received.slice(1).map((line) => line.text);
}

/** What Tillypad's task script does at an operation: a word that no run left. */
export function wake(world: World, task = 'default'): void {
  world.database
    .prepare("insert into wake (bot_id, task_id, kind, made_utc) values (?, ?, 'event', ?)")
    .run(BOT_ID, task, world.clock.now());
}

/** Calls of one method that reached Telegram. */
export function callsOf(world: World, method: string): number {
  return world.telegram.calls.filter((call) => call.method === method).length;
}
