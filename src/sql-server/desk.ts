import type { Desk } from '../ports/desk.ts';
import { openConnection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';
import { bind } from './desk-bind.ts';
import { pause, resolve, resolveInvitations, resume, retry, saveKey } from './desk-change.ts';
import { judgeFilters } from './desk-filters.ts';
import { prune } from './desk-prune.ts';
import { readStart, setStartWay } from './desk-start.ts';
import { readStatus } from './desk-status.ts';
import { findCustomers, listInDoubt, listRefused, readStory } from './desk-story.ts';
import { listInvitations } from './invitations.ts';
import { readSpent } from './invitees.ts';
import { checkSchema } from './schema.ts';
import type { Session } from './session.ts';

export interface DeskRequest extends ConnectionRequest {
  /** Rows of one transaction that marks or prunes; 2,000. */
  readonly chunkRows?: number;
}

const CHUNK_ROWS = 2_000;

/**
 * A person's desk over a database on SQL Server. Needs no lock: what it changes is guarded by the statements themselves, and a run that is under way
 * sees it with its next call. Throws at once, and from every call, DatabaseUnavailable and SchemaMismatch, as the ledger does.
 */
export async function openDesk(request: DeskRequest): Promise<Desk> {
  const session = await openSession(request);
  return {
    readStatus: (botId) => readStatus(session, botId),
    findCustomers: (key, limit) => findCustomers(session, key, limit),
    readStory: (botId, key, limit) => readStory(session, botId, { key, limit }),
    judgeFilters: (botId, taskId, ...[operationId, filters]) => judgeFilters(session, { botId, taskId, operationId, filters }),
    listInDoubt: (botId, limit) => listInDoubt(session, botId, limit),
    resolve: (botId, rows, ...[verdict, reason]) => resolve(session, botId, { rows, verdict, reason }),
    listRefused: (botId, codes, limit) => listRefused(session, botId, codes, limit),
    retry: (wish) => retry(session, wish),
    prune: (botId, before) => prune(session, botId, before),
    listInvitations: (filter) => listInvitations(session, filter),
    resolveInvitations: (botId, rows, ...[verdict, reason]) => resolveInvitations(session, botId, { rows, verdict, reason }),
    readSpent: (botId, since) => readSpent(session, botId, since),
    pause: (botId, until) => pause(session, botId, until),
    resume: (botId) => resume(session, botId),
    bind: (binding) => bind(session, binding),
    readStart: () => readStart(session),
    setStartWay: (way) => setStartWay(session, way),
    saveKey: (fingerprint) => saveKey(session, fingerprint),
    close: () => session.connection.close(),
  };
}

async function openSession({ chunkRows = CHUNK_ROWS, ...request }: DeskRequest): Promise<Session> {
  const connection = await openConnection(request);
  try {
    await checkSchema(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { connection, chunkRows };
}
