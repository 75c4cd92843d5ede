import type { DryRunReader, Ledger } from '../ports/ledger.ts';
import { readAccounts } from './accounts.ts';
import { admit } from './admit.ts';
import { advance } from './advance.ts';
import { advanceInvitations } from './advance-invitations.ts';
import { openConnection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';
import { describeFilters } from './describe-filters.ts';
import { confirm, finishRun, releaseRun } from './finish-run.ts';
import { readOpenInvitations, saveInvitations, saveStatuses } from './invitations.ts';
import { readInvitees, readSpent } from './invitees.ts';
import { measure } from './measure.ts';
import { mirrorNotes, readNotes, saveNotes } from './notes.ts';
import { openRun } from './open-run.ts';
import { plan } from './plan.ts';
import { preview } from './preview.ts';
import { readClock } from './read-clock.ts';
import { readPlace } from './read-place.ts';
import { readHorizon, readTasks } from './read-tasks.ts';
import { readWords } from './read-words.ts';
import { recover } from './recover.ts';
import { checkSchema } from './schema.ts';
import { saveAsHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';
import { countForgers, findSubscribers, savePoll, saveUpdates } from './subscriptions.ts';
import { saveTaskMessages } from './task-log.ts';

export interface LedgerRequest extends ConnectionRequest {
  /** Rows of one planning transaction; 2,000. */
  readonly chunkRows?: number;
}

const CHUNK_ROWS = 2_000;

/** The ledger on SQL Server. Throws at once, and from every call, DatabaseUnavailable and SchemaMismatch. */
export async function openLedger(request: LedgerRequest): Promise<Ledger> {
  const session: RunSession = { ...(await openSession(request)), run: null };
  return {
    ...dryRunReader(session),
    openRun: (runner, tasks) => openRun(session, runner, tasks),
    confirm: () => confirm(session),
    recover: (policy) => recover(session, policy),
    findSubscribers: (customers, chats) => findSubscribers(session, customers, chats),
    saveUpdates: (page) => saveUpdates(session, page),
    countForgers: (since) => countForgers(session, since),
    savePoll: () => savePoll(session),
    readAccounts: (customers) => readAccounts(session, customers),
    readNotes: (noteType, limit) => readNotes(session, noteType, limit),
    saveNotes: (notes) => saveNotes(session, notes),
    mirrorNotes: (noteType, limit) => mirrorNotes(session, noteType, limit),
    admit: (taskId, filters) => admit(session, taskId, filters),
    plan: (chunk) => plan(session, chunk),
    holdBrake: (taskId, at) => saveAsHolder(session, 'hold_brake', { task_id: taskId, at }),
    advance: (wish) => advance(session, wish),
    saveInvitations: (weighed) => saveInvitations(session, weighed),
    advanceInvitations: (wish) => advanceInvitations(session, wish),
    readOpenInvitations: (gateway, since, limit) => readOpenInvitations(session, gateway, since, limit),
    saveStatuses: (statuses) => saveStatuses(session, statuses),
    finishRun: (summary, servedWakeNo) => finishRun(session, summary, servedWakeNo),
    readWords: () => readWords(session),
    saveTaskMessages: (messages) => saveTaskMessages(session.connection, messages),
    close: async () => {
      await releaseRun(session);
      await session.connection.close();
    },
  };
}

/** All that a dry run holds: no procedure that it calls writes. Throws as openLedger does. */
export async function openPlanReader(request: LedgerRequest): Promise<DryRunReader> {
  const session = await openSession(request);
  return { ...dryRunReader(session), close: () => session.connection.close() };
}

async function openSession(request: LedgerRequest): Promise<Session> {
  const connection = await openConnection(request);
  try {
    await checkSchema(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { connection, chunkRows: request.chunkRows ?? CHUNK_ROWS };
}

function dryRunReader(session: Session): Omit<DryRunReader, 'close'> {
  return {
    readClock: () => readClock(session),
    readPlace: () => readPlace(session),
    readHorizon: (botId) => readHorizon(session, botId),
    readTasks: (botId, taskIds) => readTasks(session, botId, taskIds),
    measure: (query, brakeBefore) => measure(session, query, brakeBefore),
    preview: (query, page) => preview(session, query, page),
    describeFilters: (filters) => describeFilters(session, filters),
    readInvitees: (query, page) => readInvitees(session, query, page),
    readSpent: (botId, since) => readSpent(session, botId, since),
  };
}
