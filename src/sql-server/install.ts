import { readFileSync } from 'node:fs';
import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import type { InstallReport } from '../ports/desk.ts';
import { openConnection } from './connection.ts';
import type { Connection, ConnectionRequest } from './connection.ts';
import { isRefusedByScript, LEDGER_SCHEMA } from './fault.ts';
import { allRows, firstRow } from './rows.ts';
import { checkSchema } from './schema.ts';

export interface InstallRequest extends ConnectionRequest {
  readonly keyFingerprint: string;
  /** Bots start out paused, those of later runs too. */
  readonly paused: boolean;
  /** Name of the note type that holds a guest's chat id. */
  readonly noteType: string;
  /** A login that may not run the script goes on with a ledger that somebody else made by it. */
  readonly mayLeaveScript: boolean;
  /** The script's text; the one that is delivered with the program. */
  readonly script?: string;
}

interface StepRow {
  readonly step: string;
  readonly did: boolean;
}

const SCRIPT = new URL('../../sql/sql-server/ScriptForTelegram_ClientOperations.sql', import.meta.url);
/** An index on a ledger of many millions of rows takes its time. */
const BATCH_TIMEOUT_MS = 3_600_000;
/** The number of what PRINT says. */
const PRINTED = 0;
/** Each file's name, and the end: the steps say as much. */
const PROGRESS = /^(?:[\w/]+\.sql|Готово \/ Done\.)$/u;

/** The very file that a DBA runs by hand. */
export function readScript(): string {
  return readFileSync(SCRIPT, 'utf8');
}

/** A script's batches, as sqlcmd and Management Studio part them. */
export function batchesOf(script: string): readonly string[] {
  return script.split(/^\s*GO\s*$/gimu).filter((batch) => batch.trim() !== '');
}

/**
 * Runs the script and then makes what only this installation knows: place, key, note type. Done again it changes nothing. Throws
 * DatabaseUnavailable (not_tillypad, no_tillypad, other_columns, views_lacking, denied_owner, secondary, old_server, upgrading …) and
 * SchemaMismatch for a ledger newer than this program.
 */
export async function install(request: InstallRequest): Promise<InstallReport> {
  const ran = await runOrLeave(request);
  return onConnection(request, async (connection) => {
    const { keyFingerprint, paused, noteType } = request;
    // The last two sets: what Tillypad's own procedures and triggers may answer comes before them.
    const sets = await connection.callProcedure('tgn_admin.found_place', { key_fingerprint: keyFingerprint, paused, note_type: noteType });
    return {
      steps: [...ran.steps, ...allRows<StepRow>(sets, sets.length - 2)].map(({ step, did }) => ({ step, did })),
      notes: firstRow<{ notes: number }>(sets, sets.length - 1)?.notes ?? 0,
      schema: LEDGER_SCHEMA,
      statements: loginStatements(request.place.database),
      said: ran.said,
      scriptLeft: ran.left,
    };
  });
}

/** Whatever a failed batch left open goes with its connection. */
async function onConnection<T>(request: InstallRequest, work: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    const connection = await openConnection({ requestTimeoutMs: BATCH_TIMEOUT_MS, ...request });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    // Runs have nothing to do on a replica; an installer has come to the wrong server.
    if (error instanceof DatabaseUnavailable && error.code === 'not_primary')
      throw new DatabaseUnavailable('secondary', error.message, { cause: error });
    throw error;
  }
}

async function runOrLeave(request: InstallRequest): Promise<ScriptReport & { readonly left: boolean }> {
  try {
    const ran = await onConnection(request, async (connection) => runScript(connection, request.script ?? readScript()));
    return { ...ran, left: false };
  } catch (error) {
    if (!request.mayLeaveScript || !(error instanceof DatabaseUnavailable) || !isRefusedByScript(error)) throw error;
    await onConnection(request, async (connection) => demandLedger(connection, error));
    return { steps: [], said: [], left: true };
  }
}

/** Without the right schema it is the script that is wanting, and who may run it. */
async function demandLedger(connection: Connection, denied: DatabaseUnavailable): Promise<void> {
  try {
    await checkSchema(connection);
  } catch (error) {
    throw error instanceof SchemaMismatch && error.found !== null && error.found > error.wanted ? error : denied;
  }
}

/** The login that runs: it may execute our procedures, and nothing else anywhere. */
function loginStatements(database: string): readonly string[] {
  const quoted = `[${database.replaceAll(']', ']]')}]`;
  return [
    `CREATE LOGIN [tp-tg-notify] WITH PASSWORD = N'...', DEFAULT_DATABASE = ${quoted};`,
    `USE ${quoted}; CREATE USER [tp-tg-notify] FOR LOGIN [tp-tg-notify]; ALTER ROLE tgn_runner ADD MEMBER [tp-tg-notify];`,
  ];
}

interface ScriptReport {
  readonly steps: readonly StepRow[];
  /** What it says beside its progress. */
  readonly said: readonly string[];
}

/** Sends the script batch by batch; answers its steps and what it has to say. */
export async function runScript(connection: Connection, script: string): Promise<ScriptReport> {
  let steps: readonly StepRow[] = [];
  const said: string[] = [];
  for (const batch of batchesOf(script)) {
    const { sets, messages } = await connection.executeBatch(batch);
    if (sets.length > 0) steps = allRows<StepRow>(sets, 0);
    said.push(...messages.filter(({ number, text }) => number === PRINTED && !PROGRESS.test(text)).map(({ text }) => text));
  }
  return { steps, said };
}
