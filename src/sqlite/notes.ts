import { randomUUID } from 'node:crypto';
import type { BotId, CustomerId } from '../core/glossary.ts';
import type { ChangedNote, JudgedNote } from '../core/note.ts';
import { asHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';
import { saveSubscription, wantNote } from './save-subscription.ts';
import { toSubscription } from './subscription-row.ts';
import type { SubscriptionColumns } from './subscription-row.ts';

type ChangedRow = SubscriptionColumns & Omit<ChangedNote, 'subscription'>;

/** Notes of live customers that say something else than when we last judged or wrote them; text as stored, blanks alone are null. */
export function readNotes(session: RunSession, noteType: string, limit: number): readonly ChangedNote[] {
  const rows = session.find('note_mirror').all<ChangedRow>('changed', { bot: session.run?.botId ?? '', noteType, limit });
  return rows.map((row) => ({ customerId: row.customerId, text: row.text, noted: row.noted, subscription: toSubscription(row) }));
}

export function saveNotes(session: RunSession, notes: readonly JudgedNote[]): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }, { now }) => {
    for (const { customerId, noted, subscription } of notes) {
      session.find('note_mirror').run('noted', { bot: botId, customer: customerId, noted });
      if (subscription === null) wantNote(session, botId, customerId);
      else saveSubscription(session, { botId, subscription, now });
    }
    return 'saved' as const;
  });
}

export interface Mirrored {
  readonly written: number;
  readonly failed: number;
  /** The last failure: a code of ours, or what the database said. */
  readonly detail: string | null;
}

interface PendingRow {
  readonly customer: CustomerId;
  readonly noted: string | null;
  readonly wanted: string | null;
}

/** Each customer in a transaction of its own: a note that can't be written keeps neither others nor the run waiting. */
export function mirrorNotes(session: RunSession, noteType: string, limit: number): Mirrored {
  const statements = session.find('note_mirror');
  const pending = asHolder(session, ({ botId }) => statements.all<PendingRow>('pending', { bot: botId, limit }));
  if (pending === 'lock_lost') return { written: 0, failed: 0, detail: pending };
  const type = statements.get<{ id: string }>('note_type', { noteType })?.id ?? null;
  let written = 0;
  let failed = 0;
  let detail: string | null = type === null ? 'note_type_missing' : null;
  for (const row of pending) {
    const done = mirrorOne(session, row, { name: noteType, id: type });
    if (done === 'lock_lost') return { written, failed, detail: done };
    written += done === 'written' ? 1 : 0;
    if (typeof done === 'object') {
      failed += 1;
      detail = done.failure;
    }
  }
  return { written, failed, detail };
}

type MirrorOutcome = 'written' | 'left' | 'lock_lost' | { readonly failure: string };

function mirrorOne(session: RunSession, row: PendingRow, type: { readonly name: string; readonly id: string | null }): MirrorOutcome {
  try {
    if (type.id === null) return fail(session, row.customer, 'note_type_missing');
    return asHolder(session, ({ botId }, { wallNow }) => writeNote(session, row, { botId, wallNow, name: type.name, id: type.id ?? '' }));
  } catch (error) {
    return fail(session, row.customer, error instanceof Error ? error.message : String(error));
  }
}

function writeNote(
  session: Session,
  { customer, noted, wanted }: PendingRow,
  at: { readonly botId: BotId; readonly wallNow: string; readonly name: string; readonly id: string },
): MirrorOutcome {
  const statements = session.find('note_mirror');
  const note = statements.get<{ id: string; text: string | null }>('note_of', { customer, noteType: at.name });
  const text = note?.text ?? null;
  // Somebody has written it since it was judged: theirs is judged first, by the next run.
  if (text !== noted && text !== wanted) return 'left';
  statements.run('mirrored', { bot: at.botId, customer });
  if (text === wanted || statements.get('is_customer', { customer }) === undefined) return 'left';
  const content = { text: wanted ?? '', wallNow: at.wallNow };
  if (note === undefined) statements.run('add_note', { id: randomUUID(), noteType: at.id, customer, ...content });
  else statements.run('write_note', { id: note.id, ...content });
  return 'written';
}

/** A failure to keep the failure is the database's, and the run's next write will meet it. */
function fail(session: RunSession, customer: CustomerId, failure: string): MirrorOutcome {
  const kept = asHolder(session, ({ botId }) => {
    session.find('note_mirror').run('failed', { bot: botId, customer, failure });
    return { failure };
  });
  return kept;
}
