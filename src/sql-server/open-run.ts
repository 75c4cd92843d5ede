import type { BotId, Instant, RunId, TaskId, WallTime } from '../core/glossary.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import type { Holder, OpenAnswer, OpenedRun, Runner } from '../ports/opening.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { toTasks } from './read-tasks.ts';
import type { TaskRow } from './read-tasks.ts';
import { allRows, firstRow } from './rows.ts';
import type { RunSession } from './session.ts';
import { textList } from './values.ts';

/** How «until `resume`» stands in the ledger: the last second of the year 9999. */
const PAUSED_FOR_GOOD: Instant = 253_402_300_799_000;

type OpenedRow = Omit<OpenedRun, 'tasks' | 'pausedUntil'> & { readonly pausedUntil: Instant | null };

type OpenRow =
  | OpenedRow
  | ({ readonly answer: 'busy' } & { readonly [Key in keyof Holder]: Holder[Key] | null })
  | {
      readonly answer: 'copy' | 'other_bot' | 'other_key' | 'restored';
      readonly boundTo: string;
      readonly here: string;
      readonly otherBot: BotId;
      readonly expected: string;
      readonly lastKnownAt: Instant | null;
      readonly runNo: number;
    }
  | { readonly answer: 'schema'; readonly found: number | null }
  | { readonly answer: 'upgrading' | 'not_primary' | 'read_only' };

/**
 * Leaves a word for each task, then tries the lock, all in one call. Whatever isn't `opened` leaves the lock free. Throws DatabaseUnavailable
 * (upgrading, not_primary, read_only among others) and SchemaMismatch.
 */
export async function openRun(session: RunSession, runner: Runner, tasks: readonly TaskId[]): Promise<OpenAnswer> {
  if (session.run !== null) throw new Error('this ledger holds a run already');
  const sets = await callOpenRun(session, runner, tasks);
  const row = firstRow<OpenRow>(sets);
  if (row === undefined) throw new Error('open_run gave no answer');
  switch (row.answer) {
    case 'opened':
      session.run = held(runner, row);
      return { ...row, pausedUntil: readPause(row.pausedUntil), tasks: toTasks(allRows<TaskRow>(sets, 1), tasks) };
    case 'busy':
      return { answer: 'busy', holder: toHolder(row) };
    case 'copy':
      return { answer: 'copy', boundTo: row.boundTo, here: row.here };
    case 'other_bot':
      return { answer: 'other_bot', boundTo: row.otherBot };
    case 'other_key':
      return { answer: 'other_key', expected: row.expected };
    case 'restored':
      return { answer: 'restored', lastKnownAt: row.lastKnownAt, runNo: row.runNo };
    case 'schema':
      throw new SchemaMismatch(row.found, LEDGER_SCHEMA);
    default:
      throw new DatabaseUnavailable(row.answer, 'open_run');
  }
}

/** An error half-way may leave the locks with this connection, which goes on to live. */
async function callOpenRun({ connection }: RunSession, runner: Runner, tasks: readonly TaskId[]) {
  try {
    return await connection.callProcedure('open_run', {
      contract: LEDGER_SCHEMA,
      run_id: runner.runId,
      bot_id: runner.botId,
      host: runner.host,
      pid: runner.pid,
      key_fingerprint: runner.keyFingerprint,
      remembered_no: runner.remembered?.runNo ?? null,
      remembered_id: runner.remembered?.runId ?? null,
      started_by: runner.startedBy,
      tasks: textList(tasks),
    });
  } catch (error) {
    await connection.callProcedure('release_run', { bot_id: runner.botId }).catch(() => {});
    throw error;
  }
}

function held(
  { botId, runId }: { readonly botId: BotId; readonly runId: RunId },
  row: { readonly runNo: number; readonly wallNow: WallTime },
) {
  return { botId, runId, runNo: row.runNo, openedAt: row.wallNow, claimedTo: null };
}

function toHolder(row: { readonly [Key in keyof Holder]: Holder[Key] | null }): Holder | null {
  const { host, pid, startedAt, heartbeatAt } = row;
  return host === null || pid === null || startedAt === null || heartbeatAt === null ? null : { host, pid, startedAt, heartbeatAt };
}

function readPause(until: Instant | null): Instant | null {
  return until !== null && until >= PAUSED_FOR_GOOD ? Number.POSITIVE_INFINITY : until;
}
