import { readFileSync } from 'node:fs';
import type { InstallReport } from '../ports/desk.ts';
import { openConnection } from './connection.ts';
import type { Connection, ConnectionRequest } from './connection.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { allRows, firstRow } from './rows.ts';

export interface InstallRequest extends ConnectionRequest {
  readonly keyFingerprint: string;
  /** Bots start out paused, those of later runs too. */
  readonly paused: boolean;
  /** Name of the note type that holds a guest's chat id. */
  readonly noteType: string;
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
 * DatabaseUnavailable (no_tillypad names what is missing, an altered view's columns too; denied, old_server, upgrading …) and SchemaMismatch for
 * a ledger newer than this program.
 */
export async function install(request: InstallRequest): Promise<InstallReport> {
  const connection = await openConnection({ requestTimeoutMs: BATCH_TIMEOUT_MS, ...request });
  try {
    const steps = await runScript(connection, request.script ?? readScript());
    const { keyFingerprint, paused, noteType } = request;
    // The last two sets: what Tillypad's own procedures and triggers may answer comes before them.
    const sets = await connection.callProcedure('tgn_admin.found_place', { key_fingerprint: keyFingerprint, paused, note_type: noteType });
    return {
      steps: [...steps, ...allRows<StepRow>(sets, sets.length - 2)].map(({ step, did }) => ({ step, did })),
      notes: firstRow<{ notes: number }>(sets, sets.length - 1)?.notes ?? 0,
      schema: LEDGER_SCHEMA,
      statements: loginStatements(request.place.database),
    };
  } finally {
    // Whatever a failed batch left open goes with the connection.
    await connection.close();
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

/** Sends the script batch by batch and answers its steps. */
export async function runScript(connection: Connection, script: string): Promise<readonly StepRow[]> {
  let steps: readonly StepRow[] = [];
  for (const batch of batchesOf(script)) {
    const { sets } = await connection.executeBatch(batch);
    if (sets.length > 0) steps = allRows<StepRow>(sets, 0);
  }
  return steps;
}
