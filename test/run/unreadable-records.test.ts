import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { EXIT } from '../../src/core/exit-code.ts';
import { HOUR, MINUTE, noticesOf, subscribe } from '../support/guests.ts';
import type { Guest } from '../support/guests.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const spoil = (id: string, date: string): void => {
  world.database.prepare('update tp_ClientPurseOperations set cpop_Date = ? where cpop_ID = ?').run(date, id);
};
const NONE = '2026-11-31 12:00:00.000';
const settings = { digestWaitMs: 0 };

describe('records that can’t be told', () => {
  it('is refused by itself and keeps nobody else’s notice back', async () => {
    const guests = await subscribe(world, 3);
    for (const { customer } of guests) world.operation(customer, { ago: MINUTE });
    world.database
      .prepare("update tp_ClientPurseOperations set cpop_Date = substr(cpop_Date, 1, 11) || 'noon' where cpop_clnt_ID = ?")
      .run(guests[1]?.customer ?? '');
    await world.clock.advance(2 * HOUR);
    expect(await world.run()).toMatchObject({ exitCode: 4, sent: { delivered: 2, refusedOurs: 1 } });
    expect(guests.map((guest) => noticesOf(guest).length)).toEqual([1, 0, 1]);
    expect(await world.run()).toMatchObject({ exitCode: 0 });
  });

  it('in any number don’t stop the run as refusals of our text do', async () => {
    const guests = await subscribe(world, 8);
    const bad = guests.slice(1).map(({ customer }) => world.operation(customer));
    for (const id of bad) spoil(id, NONE);
    // Claimed last of all, by its id.
    const last = guests.toSorted((a, b) => (a.customer < b.customer ? -1 : 1)).at(-1) as Guest;
    world.operation(last.customer);
    const summary = await world.run({ settings: { ...settings, digestGapMs: 0 } });
    expect(summary).toMatchObject({ exitCode: EXIT.doubt, sent: { delivered: 1, refusedOurs: 7 } });
    expect(noticesOf(last)).toHaveLength(1);
  });

  it('are refused alone, and the guest’s other operations go', async () => {
    const [guest] = (await subscribe(world, 1)) as [Guest];
    const ids = [30, 20, 10].map((seconds) => world.operation(guest.customer, { ago: seconds * 1000, sum: -seconds }));
    world.database.prepare("update tp_ClientPurseOperations set cpop_Sum = 'сто' where cpop_ID = ?").run(ids[1] ?? '');
    const summary = await world.run({ settings });
    expect(summary.sent).toMatchObject({ refusedOurs: 1, operations: 2 });
    expect(world.states()).toEqual({ delivered: 2, refused: 1 });
    expect(noticesOf(guest).join('\n')).toMatch(/30[^]*10/);
  });
});
