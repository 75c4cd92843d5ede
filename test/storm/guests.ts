import { BOT_ID } from '../support/world.ts';
import type { Ground } from './ground.ts';

/** A link is pressed as the customer's invitation made it now; whoever had blocked the bot comes back by it. */
export function start(ground: Ground, { who, person }: { readonly who: number; readonly person: number }): void {
  const { world, bonds, blocked } = ground;
  const guest = ground.people[person];
  const customer = ground.customers[who];
  if (guest === undefined || customer === undefined) return;
  const row = world.database.prepare('select epoch from subscription where bot_id = ? and customer_id = ?').get(BOT_ID, customer);
  const epoch = Number(row?.['epoch'] ?? 0);
  if (blocked.delete(person)) bonds.act({ act: 'back', person });
  guest.start(world.link(customer, epoch));
  bonds.act({ act: 'start', person, customer: who, epoch });
}

export function speak(ground: Ground, { do: what, person }: { readonly do: 'stop' | 'block' | 'unblock'; readonly person: number }): void {
  const { bonds, blocked } = ground;
  const guest = ground.people[person];
  // Who has never written has nothing to stop, and no bot to block.
  if (guest === undefined || guest.chat.length === 0) return;
  switch (what) {
    case 'stop':
      if (blocked.has(person)) return;
      guest.say('/stop');
      return bonds.act({ act: 'stop', person });
    case 'block':
      if (blocked.has(person)) return;
      blocked.add(person);
      guest.block();
      return bonds.act({ act: 'blocked', person });
    case 'unblock':
      if (!blocked.delete(person)) return;
      guest.unblock();
      return bonds.act({ act: 'back', person });
  }
}

/** Staff write somebody's chat into a customer's note, or clear it. */
export function writeNote(
  ground: Ground,
  { who, fill, person }: { readonly who: number; readonly fill: boolean; readonly person: number },
): void {
  const { world, people, bonds } = ground;
  const { database } = world;
  const customer = ground.customers[who] ?? '';
  const former = database.prepare('select note_Value as text from tp_Notes where note_obj_ID = ?').get(customer)?.['text'];
  const held = people.findIndex(({ chatId }) => chatId === former);
  const value = fill ? (people[person]?.chatId ?? null) : null;
  bonds.note(who, { names: fill ? person : null, held: held < 0 ? null : held });
  const changed = database
    .prepare('update tp_Notes set note_Value = ?, note_Date = ? where note_obj_ID = ?')
    .run(value, world.wallNow(), customer);
  if (changed.changes > 0 || value === null) return;
  database
    .prepare(
      "insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value) values (?, 'cccccccc-0000-4000-8000-000000000001', ?, ?, ?, ?)",
    )
    .run(`note-${customer}`, customer, customer, world.wallNow(), value);
}
