import type { Clock } from '../ports/host.ts';
import type { DryRunReader, Ledger } from '../ports/ledger.ts';
import { readAccounts } from './accounts.ts';
import { admit } from './admit.ts';
import { advance } from './advance.ts';
import { advanceInvitations } from './advance-invitations.ts';
import { openConnection } from './connection.ts';
import { describeFilters } from './describe-filters.ts';
import { confirm, finishRun, releaseRun } from './finish-run.ts';
import { readOpenInvitations, saveInvitations, saveStatuses } from './invitations.ts';
import { readInvitees, readSpent } from './invitees.ts';
import { measure } from './measure.ts';
import { mirrorNotes, readNotes, saveNotes } from './notes.ts';
import { openRun, readWords } from './open-run.ts';
import { plan } from './plan.ts';
import { preview } from './preview.ts';
import { readPlace } from './read-place.ts';
import { readHorizon, readTasks } from './read-tasks.ts';
import { recover } from './recover.ts';
import { checkSchema } from './schema.ts';
import { readServerClock } from './server-clock.ts';
import { asHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';
import { prepareStatements } from './statements.ts';
import { saveTaskMessages } from './task-log.ts';
import { countForgers, findSubscribers, savePoll, saveUpdates } from './subscriptions.ts';

export interface LedgerRequest {
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  /** What the wall clock shows that operations are dated by (IANA); the host's own zone without it. */
  readonly serverZone?: string;
  /** How long a statement waits for another process's write before it says `locked`; 10 s. */
  readonly busyTimeoutMs?: number;
  /** Rows of one planning transaction; 2,000. */
  readonly chunkRows?: number;
}

const CHUNK_ROWS = 2_000;

/**
 * The ledger in a SQLite file. Throws at once, and from every call, DatabaseUnavailable (missing, no_database, not_tillypad, denied, locked,
 * read_only, full, damaged, unreachable) and SchemaMismatch.
 */
export function openLedger(request: LedgerRequest): Ledger {
  const session: RunSession = { ...openSession(request, false), run: null };
  return {
    ...dryRunReader(session),
    openRun: async (runner, tasks) => openRun(session, runner, tasks),
    confirm: async () => confirm(session),
    recover: async (policy) => recover(session, policy),
    findSubscribers: async (customers, chats) => findSubscribers(session, customers, chats),
    saveUpdates: async (page) => saveUpdates(session, page),
    countForgers: async (since) => countForgers(session, since),
    savePoll: async () => savePoll(session),
    readAccounts: async (customers) => readAccounts(session, customers),
    readNotes: async (noteType, limit) => readNotes(session, noteType, limit),
    saveNotes: async (notes) => saveNotes(session, notes),
    mirrorNotes: async (noteType, limit) => mirrorNotes(session, noteType, limit),
    admit: async (taskId, filters) => admit(session, taskId, filters),
    plan: async (chunk) => plan(session, chunk),
    holdBrake: async (taskId, at) => holdBrake(session, taskId, at),
    advance: async (wish) => advance(session, wish),
    saveInvitations: async (weighed) => saveInvitations(session, weighed),
    advanceInvitations: async (wish) => advanceInvitations(session, wish),
    readOpenInvitations: async (gateway, since, limit) => readOpenInvitations(session, gateway, since, limit),
    saveStatuses: async (statuses) => saveStatuses(session, statuses),
    saveTaskMessages: async (wish) => saveTaskMessages(session, session.readClock().now, wish),
    finishRun: async (summary, servedWakeNo) => finishRun(session, summary, servedWakeNo),
    readWords: async () => readWords(session, session.run?.botId ?? ''),
    close: async () => {
      releaseRun(session);
      session.connection.close();
    },
  };
}

/** All that a dry run holds: the file is opened so that nothing can be written. Throws as openLedger does. */
export function openPlanReader(request: LedgerRequest): DryRunReader {
  const session = openSession(request, true);
  return { ...dryRunReader(session), close: async () => session.connection.close() };
}

function openSession(request: LedgerRequest, readOnly: boolean): Session {
  const connection = openConnection({ ...request, readOnly });
  const find = prepareStatements(connection);
  try {
    checkSchema(find, connection.file);
  } catch (error) {
    connection.close();
    throw error;
  }
  return { connection, find, readClock: readServerClock(request.clock, request.serverZone), chunkRows: request.chunkRows ?? CHUNK_ROWS };
}

function dryRunReader(session: Session): Omit<DryRunReader, 'close'> {
  return {
    readClock: async () => session.readClock(),
    readPlace: async () => readPlace(session),
    readHorizon: async (botId) => readHorizon(session, botId),
    readTasks: async (botId, taskIds) => readTasks(session, botId, taskIds),
    measure: async (query, brakeBefore) => measure(session, query, brakeBefore),
    preview: async (query, page) => preview(session, query, page),
    describeFilters: async (filters) => describeFilters(session, filters),
    readInvitees: async (query, page) => readInvitees(session, query, page),
    readSpent: async (botId, since) => readSpent(session, botId, since),
  };
}

function holdBrake(session: RunSession, taskId: string, at: string): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }) => {
    session.find('hold_brake').run('hold', { bot: botId, task: taskId, at });
    return 'saved' as const;
  });
}
