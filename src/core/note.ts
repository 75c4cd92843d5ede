import type { ChatId, CustomerId } from './glossary.ts';
import type { Finding } from './settings.ts';
import type { Subscription } from './subscriber.ts';

/** A note that differs from what we last saw or wrote. `text` null = cleared or gone. */
export interface ChangedNote {
  readonly customerId: CustomerId;
  readonly text: string | null;
  /** What we last saw or wrote. */
  readonly noted: string | null;
  readonly subscription: Subscription | null;
}

/** What a note leads to. `noted` is remembered, so that the same text is judged once; `subscription` null = nothing changes. */
export interface JudgedNote {
  readonly customerId: CustomerId;
  readonly noted: string | null;
  readonly subscription: Subscription | null;
}

export interface NoteCounts {
  /** Customers who get notices by their note from now on. */
  readonly byNote: number;
  /** Subscriptions that staff ended by clearing or spoiling the note. */
  readonly cleared: number;
  /** Notes that are no chat id, or contradict a subscription that is better proven. */
  readonly unused: number;
}

export interface JudgedNotes {
  readonly notes: readonly JudgedNote[];
  readonly findings: readonly Finding[];
  readonly counts: NoteCounts;
}

/** Telegram's ids have at most 52 bits. */
const USER_ID = /^[1-9]\d{0,15}$/u;

/** Reads the text of a note. A minus sign stands before the ids of groups, where accounts aren't told. */
export function readNote(text: string): { readonly chatId: ChatId } | { readonly bad: 'group' | 'unreadable' } {
  const compact = text.replaceAll(/\s/gu, '');
  if (USER_ID.test(compact)) return { chatId: compact };
  return { bad: /^[-−]\d+$/u.test(compact) ? 'group' : 'unreadable' };
}

/**
 * Judges notes that changed. A filled note counts for a customer without a proven chat; it never replaces a chat that came by a link and
 * never undoes a guest's own /stop. Clearing it ends the subscription. Where notes aren't trusted, they are only remembered.
 */
export function judgeNotes(request: { readonly changed: readonly ChangedNote[]; readonly trustNotes: boolean }): JudgedNotes {
  const findings: Finding[] = [];
  const counts = { byNote: 0, cleared: 0, unused: 0 };
  const notes = request.changed.map((note): JudgedNote => {
    const verdict = request.trustNotes ? judgeNote(note) : UNCHANGED;
    if (verdict.finding !== null) findings.push({ code: verdict.finding, args: { customer: note.customerId } });
    counts.unused += verdict.finding === null ? 0 : 1;
    counts.byNote += verdict.subscription?.state === 'active' ? 1 : 0;
    counts.cleared += verdict.subscription?.state === 'cleared' ? 1 : 0;
    return { customerId: note.customerId, noted: note.text, subscription: verdict.subscription };
  });
  return { notes, findings, counts };
}

interface NoteVerdict {
  readonly subscription: Subscription | null;
  readonly finding: string | null;
}

/** Staff who clear an older note, before the mirror replaced it by the new chat, mean the old one. */
function named(noted: string | null, subscription: Subscription | null): boolean {
  if (noted === null || subscription === null) return false;
  const read = readNote(noted);
  return 'chatId' in read && read.chatId === subscription.chatId;
}

const UNCHANGED: NoteVerdict = { subscription: null, finding: null };

function judgeNote({ customerId, text, noted, subscription }: ChangedNote): NoteVerdict {
  if (text === null || text.trim() === '') return { subscription: named(noted, subscription) ? clear(subscription) : null, finding: null };
  const read = readNote(text);
  if ('bad' in read) {
    // What rested on the note alone falls with it; a proven chat stays.
    return {
      subscription: subscription?.origin === 'note' ? clear(subscription) : null,
      finding: read.bad === 'group' ? 'note_group' : 'note_unreadable',
    };
  }
  const { chatId } = read;
  if (subscription === null) return { subscription: { customerId, chatId, state: 'active', origin: 'note', epoch: 0 }, finding: null };
  const same = subscription.chatId === chatId;
  // The guest's own word: also against another chat's id, which staff can't prove to be theirs.
  if (subscription.state === 'stopped') return { subscription: null, finding: same ? null : 'note_stopped' };
  const proven = subscription.origin !== 'note' && subscription.state !== 'cleared';
  if (proven) return { subscription: null, finding: same ? null : 'note_differs' };
  if (same && subscription.state !== 'cleared') return UNCHANGED;
  return {
    subscription: { customerId, chatId, state: 'active', origin: 'note', epoch: subscription.epoch + (same ? 0 : 1) },
    finding: null,
  };
}

/** A /stop stays a /stop, so that emptying and filling the note doesn't undo it. */
function clear(subscription: Subscription | null): Subscription | null {
  const running = subscription?.state === 'active' || subscription?.state === 'suspended';
  return running ? { ...subscription, state: 'cleared' } : null;
}
