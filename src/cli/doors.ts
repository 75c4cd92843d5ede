import type { ServerPlace } from '../core/server-place.ts';
import type { TelegramSettings } from '../core/settings.ts';
import type { Channel } from '../ports/channel.ts';
import type { Desk, InstallReport } from '../ports/desk.ts';
import type { Clock, HostMemory, Keyring, LogSettings, OpenedJournal } from '../ports/host.ts';
import type { DryRunReader, Ledger } from '../ports/ledger.ts';
import type { OpenGateway } from '../run/inviting.ts';
import type { TaskLog } from '../ports/task-log.ts';
import type { ObjectFiles } from '../ports/object-files.ts';

/** Where the database is. */
export interface DatabasePlace {
  /** A file of the embedded engine, or the server's address without its password: what the host remembers the place by. */
  readonly database: string;
  /** Null = a file. */
  readonly server: ServerPlace | null;
}

export interface StoredParameters {
  readonly taskId: string;
  /** Null: what was saved can't be read. */
  readonly parameters: Readonly<Record<string, string>> | null;
}

export interface InstallWish {
  readonly keyFingerprint: string;
  readonly paused: boolean;
  readonly noteType: string;
  /** On a server: goes on with a ledger that somebody else made by the script, where this login may not run it. */
  readonly mayLeaveScript: boolean;
}

/** A keyring with what a person should know of its file. */
export interface OpenedKeyring extends Keyring {
  readonly readableByOthers: boolean;
}

/**
 * The doors to the outside that `main.ts` opens for the commands: no command knows an adapter. Each may throw `DatabaseUnavailable`,
 * `SchemaMismatch` or `KeyringProblem`; all else is a fault in the program.
 */
export interface Doors {
  readonly clock: Clock;
  readonly host: string;
  readonly pid: number;
  readonly newId: () => string;
  /** Absolute paths of Node and of the program's script, and the system they are on. */
  readonly program: { readonly node: string; readonly script: string; readonly system: 'windows' | 'linux' };
  openLedger(place: DatabasePlace): Promise<Ledger>;
  /** Read-only: the file is opened so that nothing can be written. */
  openPlanReader(place: DatabasePlace): Promise<DryRunReader>;
  openDesk(place: DatabasePlace): Promise<Desk>;
  /** For a run that failed: opened whatever the schema is; where the ledger has no place for messages nothing is kept. */
  openTaskLog(place: DatabasePlace): Promise<TaskLog & { close(): Promise<void> }>;
  install(place: DatabasePlace, request: InstallWish): Promise<InstallReport>;
  /** Takes away what install made; the ledger's rows only when asked to. Answers what there is to say about it. */
  uninstall(place: DatabasePlace, request: { readonly dropLedger: boolean }): Promise<readonly string[]>;
  /** The SQL that install would run; `keyFingerprint` null = the key isn't made yet. */
  planSql(
    place: DatabasePlace,
    request: { readonly keyFingerprint: string | null; readonly noteTypes: readonly string[] },
  ): Promise<string>;
  /** The newest version of each task's parameters; empty without Tillypad's tasks or before install. */
  readParameters(place: DatabasePlace): Promise<readonly StoredParameters[]>;
  openChannel(telegram: TelegramSettings): Channel;
  openGateway: OpenGateway;
  openKeyring(path: string): OpenedKeyring;
  /** Makes the key file unless it is there; answers whether it made it. */
  createKeyring(path: string): { readonly keyring: OpenedKeyring; readonly created: boolean };
  /** Puts a key into the file that signs once the ledger knows it, or takes up what was broken off; answers the keys as they are then. */
  prepareKey(path: string, request: { readonly revokeOld: boolean }): { readonly next: Keyring; readonly revokesOld: boolean };
  /** Lets the prepared key sign. */
  finishKey(path: string): OpenedKeyring;
  openMemory(path: string, place: DatabasePlace): HostMemory;
  /** Writes text files into a folder, which is made if need be; answers their paths. */
  saveFiles(folder: string, files: readonly { readonly name: string; readonly text: string }[]): readonly string[];
  openJournal(log: LogSettings, runId: string): OpenedJournal;
  /** Tillypad's object files; loaded only by the commands that need them. */
  openObjectFiles(): Promise<ObjectFiles>;
  /** Files and environment for the settings. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The terminal, as commands see it. */
export interface Terminal {
  /** Results: text or JSON; the only thing on standard output. */
  print(text: string): void;
  /** A part of such a result, without a line end of its own; done when it is on its way, so that a slow reader holds the writer up. */
  write(text: string): Promise<void>;
  /** What is not the result: progress, warnings, errors. */
  note(text: string): void;
  /** A line that is written over; only where a person looks on. */
  progress: ((text: string) => void) | null;
  readonly signal: AbortSignal;
}
