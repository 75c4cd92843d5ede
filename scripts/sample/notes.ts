import type { SQLInputValue } from 'node:sqlite';

import type { Random } from './random.ts';
import type { Tables } from './tables.ts';
import { DAY, toWallTime } from './wall-time.ts';
import { TABLES } from './words.ts';

/** What staff or the former solution left in the note; the ids lie far above Telegram's, so that a real bot reaches nobody. */
const GOOD_CHATS: readonly SQLInputValue[] = ['9100000000001', '9100000000002', ' 9100000000003 ', 9_100_000_000_004, '9100000000005'];
const BAD_CHATS: readonly SQLInputValue[] = [
  'нет',
  '@ivanov',
  '+7 945 000-00-01',
  '',
  '   ',
  '91000 00000 06',
  '-1009100000000007',
  '9'.repeat(40),
  '0',
  9.1e12 + 0.5,
];

const CHAT_NOTE = 'chat_ID в Telegram';

interface NotePlan {
  /** Customers that get a note, in order; the first five get good ones. */
  readonly customers: readonly string[];
  readonly now: number;
}

/** Tillypad's note types, ours among them, and without customers no note. Answers our note type's id. */
export function fillNotes(tables: Tables, random: Random, { customers, now }: NotePlan): string {
  const chat = random.guid();
  const table = random.guid();
  const former = random.guid();
  tables.tp_NoteTypes.add([chat, 0, null, CHAT_NOTE, 'Чат гостя с ботом уведомлений', CHAT_NOTE, 1, 1, 0]);
  tables.tp_NoteTypes.add([table, 0, null, 'Любимый столик', null, 'Столик', 2, 0, 0]);
  tables.tp_NoteTypes.add([former, 0, random.guid(), CHAT_NOTE, 'Удалённый двойник', CHAT_NOTE, 3, 1, 0]);

  const kind = random.guid();
  const write = (type: string, customer: string, note: { readonly value: SQLInputValue; readonly at: number | null }): void => {
    tables.tp_Notes.add([random.guid(), type, customer, customer, kind, note.at === null ? null : toWallTime(note.at), note.value]);
  };
  const [repeated, ...others] = customers;
  if (repeated === undefined) return chat;
  // Nothing in Tillypad keeps a unique note unique: the newest one counts.
  write(chat, repeated, { value: '9100000000099', at: now - 90 * DAY });
  write(former, repeated, { value: '9100000000098', at: now });
  for (const [index, value] of [...GOOD_CHATS, ...BAD_CHATS].entries()) {
    const customer = index === 0 ? repeated : others[index - 1];
    if (customer !== undefined) write(chat, customer, { value, at: index === 2 ? null : now - index * DAY });
  }
  for (const customer of customers.slice(0, 40)) write(table, customer, { value: random.pick(TABLES), at: now - random.below(60) * DAY });
  return chat;
}
