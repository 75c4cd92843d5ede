import type { BotId, Instant, RunId } from '../core/glossary.ts';

/** The host's clocks; the database's clock decides what is recorded. Tests put a virtual one here. */
export interface Clock {
  /** Host's wall clock, UTC milliseconds; may jump. */
  now(): Instant;
  /** Milliseconds that only grow; leases and rates are measured by it. */
  monotonic(): number;
  /** Resolves after `ms`, or early when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What the program tells about itself: an event and its fields. Phones and names only masked; secrets never. */
export interface Journal {
  tell(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  fail(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface LogSettings {
  readonly folder: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** Bytes of one file before it is rotated, and how many are kept. */
  readonly maxSize: number;
  readonly keep: number;
}

/** A journal that must be closed, so that its file is whole. */
export interface OpenedJournal extends Journal {
  close(): Promise<void>;
}

/** The link key's MAC and the host's memory, outside the database. */
export interface Keyring {
  /** Number of the key that signs new links. */
  readonly current: number;
  readonly fingerprint: string;
  /** HMAC-SHA-256 of `bytes` under the numbered key; null when there is no such key. */
  mac(key: number, bytes: Uint8Array): Uint8Array | null;
  /** The keys as they are once the ledger knows the new one, while a rotation is under way or where one was broken off. */
  readonly next?: Keyring;
}

/**
 * What the host remembers of a place outside the database, flushed before anything is sent: a database that doesn't know it was set back.
 * Bound to one database when it is made.
 */
export interface HostMemory {
  recall(botId: BotId): { readonly runNo: number; readonly runId: RunId } | null;
  remember(botId: BotId, run: { readonly runNo: number; readonly runId: RunId }): void;
  /** Used by `bind --restored` alone: the past is accepted as it is. */
  forget(botId: BotId): void;
}

/** Called by the run as it goes; the command decides what a terminal shows. */
export interface Progress {
  (event: { readonly step: 'pull' | 'plan' | 'deliver'; readonly done: number; readonly of: number | null }): void;
}
