import { judgeNotes } from '../core/note.ts';
import type { NoteCounts } from '../core/note.ts';
import type { Finding, SubscriptionSettings } from '../core/settings.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RunApp } from './context.ts';

/** Notes judged or written in one call, and calls at most: what is left comes with the next run. */
const PAGE_LENGTH = 500;
const MOST_PAGES = 1_000;
/** A site full of bad notes is told by number, not one by one. */
const MOST_FINDINGS = 20;

export interface NotesApp extends Pick<RunApp, 'journal' | 'signal'> {
  readonly ledger: Pick<Ledger, 'readNotes' | 'saveNotes' | 'mirrorNotes'>;
}

export interface NotesRead {
  readonly answer: 'read' | 'lock_lost';
  readonly counts: NoteCounts;
  readonly findings: readonly Finding[];
}

/** Learns what staff changed in the notes, page by page, each judged and saved before the next. */
export async function readNotes(app: NotesApp, settings: SubscriptionSettings): Promise<NotesRead> {
  const { noteType, trustNotes } = settings;
  const findings: Finding[] = [];
  let counts: NoteCounts = { byNote: 0, cleared: 0, unused: 0 };
  let answer: NotesRead['answer'] = 'read';
  for (let page = 0; page < MOST_PAGES && !app.signal.aborted; page += 1) {
    const changed = await app.ledger.readNotes(noteType, PAGE_LENGTH);
    if (changed.length === 0) break;
    const judged = judgeNotes({ changed, trustNotes });
    answer = (await app.ledger.saveNotes(judged.notes)) === 'lock_lost' ? 'lock_lost' : 'read';
    if (answer === 'lock_lost') break;
    counts = addNoteCounts(counts, judged.counts);
    findings.push(...judged.findings.slice(0, MOST_FINDINGS - findings.length));
    if (changed.length < PAGE_LENGTH) break;
  }
  if (counts.unused > findings.length) findings.push({ code: 'notes_unused', args: { name: noteType, notes: counts.unused } });
  if (counts.byNote + counts.cleared + counts.unused > 0) app.journal.tell('notes_read', { ...counts });
  return { answer, counts, findings };
}

/**
 * Writes chat ids into Tillypad's notes. It never fails the run: what couldn't be written is kept, tried again and told; so is a note type that
 * isn't there, whether or not a note waits for it.
 */
export async function mirrorNotes(app: NotesApp, settings: SubscriptionSettings): Promise<readonly Finding[]> {
  let written = 0;
  let failed = 0;
  let detail: string | null = null;
  for (let page = 0; page < MOST_PAGES && !app.signal.aborted; page += 1) {
    const mirrored = await app.ledger.mirrorNotes(settings.noteType, PAGE_LENGTH);
    written += mirrored.written;
    failed = mirrored.failed;
    detail = mirrored.detail;
    // Failed ones stay pending and come again with the next page: when nothing else does, they are all that is left.
    if (mirrored.written === 0 || mirrored.written + mirrored.failed < PAGE_LENGTH) break;
  }
  if (written + failed > 0) app.journal[failed > 0 ? 'warn' : 'tell']('notes_mirrored', { written, failed, detail });
  const name = settings.noteType;
  if (detail === 'note_type_missing') return [{ code: detail, args: { name, notes: failed } }];
  return failed > 0 ? [{ code: 'notes_not_written', args: { name, notes: failed, detail: detail ?? '' } }] : [];
}

function addNoteCounts(a: NoteCounts, b: NoteCounts): NoteCounts {
  return { byNote: a.byNote + b.byNote, cleared: a.cleared + b.cleared, unused: a.unused + b.unused };
}
