import type { ChangedNote, JudgedNote } from '../core/note.ts';
import { allRows, firstRow } from './rows.ts';
import { askHolder, saveAsHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { toSubscription } from './subscription-row.ts';
import type { SubscriptionColumns } from './subscription-row.ts';
import { isId, table } from './values.ts';

type ChangedRow = SubscriptionColumns & Omit<ChangedNote, 'subscription'>;

/** Notes of live customers that say something else than when we last judged or wrote them; text as stored, blanks alone are null. */
export async function readNotes({ connection, run }: RunSession, noteType: string, limit: number): Promise<readonly ChangedNote[]> {
  const sets = await connection.callProcedure('read_notes', { bot_id: run?.botId ?? '0', note_type: noteType, limit });
  return allRows<ChangedRow>(sets).map((row) => ({
    customerId: row.customerId,
    text: row.text,
    noted: row.noted,
    subscription: toSubscription(row),
  }));
}

export async function saveNotes(session: RunSession, notes: readonly JudgedNote[]): Promise<'saved' | 'lock_lost'> {
  const known = notes.filter(({ customerId }) => isId(customerId));
  return saveAsHolder(session, 'save_notes', {
    notes: table(
      'note_list_1',
      { customer_id: 'id', noted: 'text', chat_id: 'text', state: 'text', origin: 'text', epoch: 'number' },
      known.map(({ customerId, noted, subscription: one }) => [
        customerId,
        noted,
        one?.chatId ?? null,
        one?.state ?? null,
        one?.origin ?? null,
        one?.epoch ?? null,
      ]),
    ),
  });
}

interface Mirrored {
  readonly written: number;
  readonly failed: number;
  /** The last failure: a code of ours, or what the database said. */
  readonly detail: string | null;
}

/** Each customer in a transaction of its own: a note that can't be written keeps neither others nor the run waiting. */
export async function mirrorNotes(session: RunSession, noteType: string, limit: number): Promise<Mirrored> {
  const sets = await askHolder(session, 'mirror_notes', { note_type: noteType, limit });
  const lost = { written: 0, failed: 0, detail: 'lock_lost' };
  // The last set: what Tillypad's own procedures and triggers may answer comes before it.
  return sets === 'lock_lost' ? lost : (firstRow<Mirrored>(sets, sets.length - 1) ?? lost);
}
