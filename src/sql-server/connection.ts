import { Connection as Wire, Request } from 'tedious';
import type { ConnectionConfiguration } from 'tedious';
import type { ServerPlace } from '../core/server-place.ts';
import { DatabaseUnavailable } from '../ports/database.ts';
import { connectFault, requestFault } from './fault.ts';
import type { DeniedCode } from './fault.ts';
import { readRow } from './rows.ts';
import type { Row, WireColumn } from './rows.ts';
import { typed } from './values.ts';
import type { Parameters } from './values.ts';

/** Result sets in the order of the procedure's SELECTs; each holds its rows. */
export type ResultSets = readonly (readonly Row[])[];

/** One line that the server printed, or an error that didn't end the batch. */
export interface ServerMessage {
  readonly number: number;
  readonly text: string;
}

/**
 * One connection to SQL Server, and no pool: the process is short, and the bot's lock is the connection's own. It never reconnects, since a
 * new one would not hold the lock: once it has failed, every call throws DatabaseUnavailable.
 */
export interface Connection {
  /**
   * Calls `tgn.<name>`, or a name with its schema, in one round trip and answers all its result sets; reads to the end before it resolves. Columns come under their names in
   * camelCase (`run_no` as `runNo`): identifiers lower-case, bit as boolean, bigint as number, datetime2 as UTC milliseconds; the procedures give
   * money and wall clocks as text. Calls made at once are made one after another. Throws DatabaseUnavailable, SchemaMismatch.
   */
  callProcedure(name: string, parameters?: Parameters): Promise<ResultSets>;
  /** Sends a batch of the install script; answers what the server printed. Throws as callProcedure does. */
  executeBatch(text: string): Promise<{ readonly sets: ResultSets; readonly messages: readonly ServerMessage[] }>;
  close(): Promise<void>;
}

export interface ConnectionRequest {
  readonly place: ServerPlace;
  /** 15 s. */
  readonly connectTimeoutMs?: number;
  /** How long the first byte of an answer may take; 10 min for install's batches, else 2 min. */
  readonly requestTimeoutMs?: number;
  /** Asks an availability group for a readable secondary. */
  readonly readOnly?: boolean;
}

const CONNECT_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 120_000;

/** Opens the connection. Throws DatabaseUnavailable. */
export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const wire = new Wire(configure(request));
  const numbers: number[] = [];
  const note = ({ number }: { readonly number: number }): void => {
    numbers.push(number);
  };
  // Errors after the opening reach whoever waits for an answer, or the next call; without a listener they would end the process.
  wire.on('error', () => {});
  wire.on('errorMessage', note);
  await new Promise<void>((resolve, reject) => {
    wire.connect((error) => {
      if (error === undefined || error === null) resolve();
      else reject(connectFault(error, { place: request.place, numbers }));
    });
  });
  wire.off('errorMessage', note);
  return serve(wire);
}

function configure({ place, readOnly = false, ...request }: ConnectionRequest): ConnectionConfiguration {
  const credentials = { userName: place.user, password: place.password.reveal() };
  return {
    server: place.server,
    authentication:
      place.domain === null
        ? { type: 'default', options: credentials }
        : { type: 'ntlm', options: { ...credentials, domain: place.domain.toUpperCase() } },
    options: {
      ...(place.instance === null ? { port: place.port ?? 1433 } : { instanceName: place.instance }),
      database: place.database,
      appName: 'tp-tg-notify',
      encrypt: place.encrypt,
      trustServerCertificate: place.trustServerCertificate,
      ...(place.ca === null ? {} : { cryptoCredentialsDetails: { ca: place.ca } }),
      multiSubnetFailover: place.multiSubnetFailover,
      readOnlyIntent: readOnly,
      connectTimeout: request.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      requestTimeout: request.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      // An answer that never comes must not be waited for twice.
      maxRetriesOnTransientErrors: 0,
      useUTC: true,
      lowerCaseGuids: true,
    },
  };
}

function serve(wire: Wire): Connection {
  const state = { over: null as DatabaseUnavailable | null, last: Promise.resolve<unknown>(undefined) };
  wire.on('end', () => {
    state.over ??= new DatabaseUnavailable('dropped', 'the connection is closed');
  });
  /** tedious carries one request at a time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = state.last.then(async () => {
      if (state.over !== null) throw state.over;
      return work();
    });
    state.last = turn.catch(() => {});
    return turn;
  };
  return {
    callProcedure: (name, parameters = {}) =>
      inTurn(() =>
        send({ text: name.includes('.') ? name : `tgn.${name}`, denied: roleFor(name) }, (request) => {
          for (const [parameter, value] of Object.entries(parameters)) {
            const { type, value: given } = typed(value);
            request.addParameter(parameter, type, given, type.name === 'DateTime2' ? { scale: 3 } : {});
          }
          wire.callProcedure(request);
        }),
      ),
    executeBatch: (text) =>
      inTurn(async () => {
        const messages: ServerMessage[] = [];
        const keep = ({ number, message }: { readonly number: number; readonly message: string }): void => {
          messages.push({ number, text: message });
        };
        wire.on('infoMessage', keep);
        try {
          return { sets: await send({ text, denied: 'denied_owner' }, (request) => wire.execSqlBatch(request)), messages };
        } finally {
          wire.off('infoMessage', keep);
        }
      }),
    close: async () => {
      await state.last;
      if (state.over !== null) return;
      state.over = new DatabaseUnavailable('dropped', 'the connection is closed');
      const ended = new Promise((resolve) => {
        wire.once('end', resolve);
      });
      wire.close();
      await ended;
    },
  };
}

/** Roles hold EXECUTE on whole schemas. */
function roleFor(procedure: string): DeniedCode {
  return procedure.startsWith('tgn_admin.') ? 'denied_administrator' : 'denied_runner';
}

function send(
  { text, denied }: { readonly text: string; readonly denied: DeniedCode },
  start: (request: Request) => void,
): Promise<ResultSets> {
  return new Promise((resolve, reject) => {
    const sets: Row[][] = [];
    const request = new Request(text, (error) => {
      if (error === undefined || error === null) resolve(sets);
      else reject(requestFault(error, denied));
    });
    request.on('columnMetadata', () => sets.push([]));
    request.on('row', (columns: readonly WireColumn[]) => sets.at(-1)?.push(readRow(columns)));
    start(request);
  });
}
