import type { Instant, TaskId } from '../core/glossary.ts';
import { SchemaMismatch } from '../ports/database.ts';
import type { Holder, OpenAnswer, OpenedRun, Runner } from '../ports/opening.ts';
import { takeLock } from './lock.ts';
import type { BotLock } from './lock.ts';
import { readTasks } from './read-tasks.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';
import { checkSchema } from './schema.ts';
import type { ServerTime } from './server-clock.ts';
import type { RunSession, Session } from './session.ts';

/** How «until `resume`» stands in the ledger: the last instant of the year 9999. */
export const PAUSED_FOR_GOOD: Instant = 253_402_300_799_000;

type Refusal = Exclude<OpenAnswer, { answer: 'opened' | 'busy' }>;

interface PlaceRow {
  readonly boundTo: string;
  readonly keyFingerprint: string;
  readonly paused: number;
}

type BotRow = Pick<OpenedRun, 'offset' | 'polledAt' | 'quietUntil' | 'pausedUntil'>;

/**
 * Leaves a word for each task, then tries the lock; the other way round a word could come when the holder has stopped looking for words and
 * this run has given up. Whatever isn't `opened` leaves the lock free.
 */
export function openRun(session: RunSession, runner: Runner, tasks: readonly TaskId[]): OpenAnswer {
  if (session.run !== null) throw new Error('this ledger holds a run already');
  leaveWords(session, runner, tasks);
  const lock = takeLock(session.connection.file, runner.botId);
  if (lock === null) return { answer: 'busy', holder: session.find('open_run').get<Holder>('holder', { bot: runner.botId }) ?? null };
  try {
    const answer = session.connection.transaction(() => checkAndStart(session, { runner, tasks, lock }));
    if (answer.answer !== 'opened') lock.release();
    return answer;
  } catch (error) {
    session.run = null;
    lock.release();
    throw error;
  }
}

function leaveWords(session: Session, { botId }: Runner, tasks: readonly TaskId[]): void {
  session.connection.transaction(() => {
    const { now } = session.readClock();
    for (const task of tasks) session.find('open_run').run('leave_word', { bot: botId, task, now });
  });
}

interface Opening {
  readonly runner: Runner;
  readonly tasks: readonly TaskId[];
  readonly lock: BotLock;
}

function checkAndStart(session: RunSession, opening: Opening): OpenAnswer {
  // Again, as an upgrade may have come since the file was opened.
  checkSchema(session.find, session.connection.file);
  const time = session.readClock();
  const statements = session.find('open_run');
  const place = statements.get<PlaceRow>('place');
  if (place === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  const known = statements.get<BotRow>('bot', { bot: opening.runner.botId });
  const refusal = refuse(session, { ...opening, place, isBound: known !== undefined });
  if (refusal !== null) return refusal;
  const bot = known ?? bind(session, { opening, place, time });
  return start(session, { opening, time, bot, bound: known === undefined });
}

/** In this order: a copy says nothing of bots, and a past that doesn't fit is told last, when all else fits. */
function refuse(session: Session, request: Opening & { readonly place: PlaceRow; readonly isBound: boolean }): Refusal | null {
  const { runner, place } = request;
  const statements = session.find('open_run');
  const here = session.connection.place;
  if (place.boundTo !== here) return { answer: 'copy', boundTo: place.boundTo, here };
  if (!request.isBound) {
    const other = statements.get<{ botId: string }>('other_bot', { bot: runner.botId, tasks: JSON.stringify(request.tasks) });
    if (other !== undefined) return { answer: 'other_bot', boundTo: other.botId };
  }
  if (place.keyFingerprint !== runner.keyFingerprint) return { answer: 'other_key', expected: place.keyFingerprint };
  if (runner.remembered === null || statements.get('known_run', { ...runner.remembered }) !== undefined) return null;
  const newest = statements.get<{ runNo: number; knownAt: Instant }>('newest_run');
  return { answer: 'restored', lastKnownAt: newest?.knownAt ?? null, runNo: newest?.runNo ?? 0 };
}

/** A bot whose tasks no other bot has told about: the first one of this ledger, or one more. */
function bind(
  session: Session,
  { opening, place, time }: { readonly opening: Opening; readonly place: PlaceRow; readonly time: ServerTime },
): BotRow {
  const pausedUntil = place.paused === 1 ? PAUSED_FOR_GOOD : null;
  session.find('open_run').run('bind', { bot: opening.runner.botId, now: time.now, pausedUntil });
  return { offset: null, polledAt: null, quietUntil: null, pausedUntil };
}

function start(
  session: RunSession,
  { opening, time, bot, bound }: { readonly opening: Opening; readonly time: ServerTime; readonly bot: BotRow; readonly bound: boolean },
): OpenedRun {
  const { runner, tasks, lock } = opening;
  const { botId, runId, host, pid, startedBy } = runner;
  const { now, wallNow } = time;
  const statements = session.find('open_run');
  // The lock is ours, so they are dead; from here on their late writes answer lock_lost.
  statements.run('end_dead', { bot: botId });
  // A bot that has never run has no stamps.
  const mended = !bound && mendClock(session, botId, now);
  const runNo = statements.add('start', { runId, bot: botId, now, host, pid, startedBy });
  for (const task of tasks) statements.run('add_task', { bot: botId, task });
  session.run = { botId, runId, runNo, openedAt: wallNow, lock, claimedTo: '' };
  const { quietUntil, polledAt } = (mended ? statements.get<BotRow>('bot', { bot: botId }) : undefined) ?? bot;
  return {
    answer: 'opened',
    runNo,
    now,
    wallNow,
    bound,
    offset: bot.offset,
    polledAt,
    quietUntil: quietUntil !== null && quietUntil > now ? quietUntil : null,
    pausedUntil: readPause(bot.pausedUntil, now),
    tasks: readTasks(session, botId, tasks),
    ...readWords(session, botId),
  };
}

/** Clocks are corrected by seconds all the time. */
const SET_BACK_MS = 5 * 60_000;

/** Brings stamps of the future back, where the clock was set back since the bot's newest run; says whether it was. */
function mendClock(session: Session, bot: string, now: Instant): boolean {
  const statements = session.find('open_run');
  if (statements.get('clock_set_back', { bot, limit: now + SET_BACK_MS }) === undefined) return false;
  statements.run('mend_bot', { bot, now });
  for (const what of MENDED) statements.run(`mend_${what}`, { bot, now });
  return true;
}

const MENDED = ['runs', 'planned', 'open', 'calls', 'waiting_invitations', 'invitations', 'refused_links', 'words'];

function readPause(until: Instant | null, now: Instant): Instant | null {
  if (until === null || until <= now) return null;
  return until >= PAUSED_FOR_GOOD ? Number.POSITIVE_INFINITY : until;
}

export interface Words {
  readonly wakeNo: number;
  readonly eventAt: Instant | null;
}

/** A run's own words never count as an event, so that it doesn't linger for itself. */
export function readWords(session: Session, botId: string): Words {
  const words = session.find('read_words').get<Words>('words', { bot: botId });
  return { wakeNo: words?.wakeNo ?? 0, eventAt: words?.eventAt ?? null };
}
