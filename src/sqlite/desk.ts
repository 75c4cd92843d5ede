import type { Desk } from '../ports/desk.ts';
import type { Clock } from '../ports/host.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { bind } from './desk-bind.ts';
import { pause, resolve, resolveInvitations, resume, retry, saveKey } from './desk-change.ts';
import { judgeFilters } from './desk-filters.ts';
import { addPhoneFunction } from './desk-phones.ts';
import { prune } from './desk-prune.ts';
import { readStatus } from './desk-status.ts';
import { readStart, setStartWay } from './desk-start.ts';
import { findCustomers, listInDoubt, listRefused, readStory } from './desk-story.ts';
import { listInvitations } from './invitations.ts';
import { readSpent } from './invitees.ts';
import { checkSchema } from './schema.ts';
import { readServerClock } from './server-clock.ts';
import type { Session } from './session.ts';
import { prepareStatements } from './statements.ts';

export interface DeskRequest {
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  /** What the wall clock shows that operations are dated by (IANA); the host's own zone without it. */
  readonly serverZone?: string;
  /** How long a statement waits for another process's write; 10 s. */
  readonly busyTimeoutMs?: number;
  /** Rows of one marking transaction; 2,000. */
  readonly chunkRows?: number;
}

const CHUNK_ROWS = 2_000;

/**
 * A person's desk over a SQLite file. Needs no lock: what it changes is guarded by the statements themselves, and a run that is under way sees it
 * with its next call. Throws at once, and from every call, DatabaseUnavailable and SchemaMismatch, as the ledger does.
 */
export function openDesk(request: DeskRequest): Desk {
  const connection = openConnection(request);
  const session = openSession(connection, request);
  return {
    readStatus: async (botId) => readStatus(session, botId),
    findCustomers: async (key, limit) => findCustomers(session, key, limit),
    readStory: async (botId, key, limit) => readStory(session, botId, { key, limit }),
    judgeFilters: async (botId, taskId, ...[operationId, filters]) => judgeFilters(session, { botId, taskId, operationId, filters }),
    listInDoubt: async (botId, limit) => listInDoubt(session, botId, limit),
    resolve: async (botId, rows, ...[verdict, reason]) => resolve(session, botId, { rows, verdict, reason }),
    listRefused: async (botId, codes, limit) => listRefused(session, botId, codes, limit),
    retry: async (wish) => retry(session, wish),
    prune: async (botId, before) => prune(session, botId, before),
    listInvitations: async (filter) => listInvitations(session, filter),
    resolveInvitations: async (botId, rows, ...[verdict, reason]) => resolveInvitations(session, botId, { rows, verdict, reason }),
    readSpent: async (botId, since) => readSpent(session, botId, since),
    pause: async (botId, until) => pause(session, botId, until),
    resume: async (botId) => resume(session, botId),
    bind: async (binding) => bind(session, binding),
    readStart: async () => readStart(session),
    setStartWay: async (way) => setStartWay(session, way),
    saveKey: async (fingerprint) => saveKey(session, fingerprint),
    close: async () => connection.close(),
  };
}

function openSession(
  connection: Connection,
  { clock, serverZone, chunkRows = CHUNK_ROWS }: DeskRequest,
): Session & { readonly zone: string } {
  const find = prepareStatements(connection);
  try {
    checkSchema(find, connection.file);
    addPhoneFunction(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  const zone = serverZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { connection, find, readClock: readServerClock(clock, zone), chunkRows, zone };
}
