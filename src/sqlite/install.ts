import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SchemaMismatch } from '../ports/database.ts';
import type { InstallReport } from '../ports/desk.ts';
import type { Clock } from '../ports/host.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { withFaults } from './fault.ts';
import { installViews } from './install-views.ts';
import { PAUSED_FOR_GOOD } from './open-run.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';
import { readSchema } from './schema.ts';
import { prepareStatements } from './statements.ts';
import type { FindStatements } from './statements.ts';

export interface InstallRequest {
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly keyFingerprint: string;
  /** Bots start out paused, those of later runs too. */
  readonly paused: boolean;
  /** Name of the note type that holds a guest's chat id. */
  readonly noteType: string;
}

type Step = InstallReport['steps'][number];

const LEDGER = new URL('../../sql/sqlite/ledger/0001_ledger.sql', import.meta.url);
const NOTE_TYPE = new URL('../../sql/sqlite/tillypad/note_type.sql', import.meta.url);
/** More notes than this are still told as this many. */
const MOST_NOTES = 1_000_000;

/**
 * Makes the views and the ledger in a database that has Tillypad's tables, all in one transaction; what is there already stays as it is. Throws
 * DatabaseUnavailable (no_tillypad names the tables that are missing, views_lacking an altered view's columns) and SchemaMismatch for a ledger newer than this program.
 */
export function install(request: InstallRequest): InstallReport {
  const connection = openConnection(request);
  try {
    return connection.transaction(() => installAll(connection, request));
  } finally {
    connection.close();
  }
}

function installAll(connection: Connection, request: InstallRequest): InstallReport {
  const find = prepareStatements(connection);
  const found = findSchema(find);
  if (found !== null && found > LEDGER_SCHEMA) throw new SchemaMismatch(found, LEDGER_SCHEMA);
  const views = installViews(connection, find);
  const steps: Step[] = [
    { step: 'tillypad', did: false },
    ...views,
    { step: 'ledger', did: found === null && addLedger(connection, find, request) },
    { step: 'place', did: addPlace(connection, find, request) },
    { step: 'note_type', did: addNoteType(connection, find, request) },
    ...(request.paused ? [{ step: 'paused', did: pause(find) }] : []),
  ];
  // Asked for a bot without a name, every filled note is one that nobody has looked at yet.
  const notes = find('note_mirror').all('changed', { bot: '', noteType: request.noteType, limit: MOST_NOTES }).length;
  return { steps, notes, schema: LEDGER_SCHEMA };
}

/** `readSchema` wants the views too, which an administrator may have dropped from a ledger that is there. */
function findSchema(find: FindStatements): number | null {
  const tables = find('install').all('objects', { names: '["ledger_schema"]' });
  return tables.length === 0 ? null : (find('check_schema').get<{ version: number | null }>('version')?.version ?? null);
}

function addLedger(connection: Connection, find: FindStatements, { clock }: InstallRequest): boolean {
  withFaults(() => connection.database.exec(readFileSync(LEDGER, 'utf8')));
  find('install').run('add_version', { version: LEDGER_SCHEMA, now: clock.now() });
  if (readSchema(find) !== LEDGER_SCHEMA) throw new Error('the ledger was made and is not found');
  return true;
}

/** An older ledger keeps its place and its key: a copy must not become a site of its own by an upgrade. */
function addPlace(connection: Connection, find: FindStatements, { keyFingerprint }: InstallRequest): boolean {
  if (find('install').get('has_place') !== undefined) return false;
  find('install').run('add_place', { installation: randomUUID(), here: connection.place, fingerprint: keyFingerprint });
  return true;
}

function pause(find: FindStatements): boolean {
  const fresh = find('install').run('pause_new_bots');
  const known = find('install').run('pause_bots', { until: PAUSED_FOR_GOOD });
  return fresh + known > 0;
}

function addNoteType(connection: Connection, find: FindStatements, { noteType }: InstallRequest): boolean {
  if (find('note_mirror').get('note_type', { noteType }) !== undefined) return false;
  withFaults(() =>
    connection.database.prepare(readFileSync(NOTE_TYPE, 'utf8')).run({ id: randomUUID(), noteType, description: 'tp-tg-notify' }),
  );
  return true;
}
