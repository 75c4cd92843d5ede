import type { ExitCode } from '../core/exit-code.ts';
import type { Instant, RunId } from '../core/glossary.ts';
import type { Pace } from '../core/pace.ts';
import type { PulledSum, SentSum, TaskSum } from '../core/summary.ts';
import type { InvitedSum } from '../core/invited-sum.ts';
import type { Finding } from '../core/settings.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock, HostMemory, Journal, Keyring, Progress } from '../ports/host.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { OpenedRun } from '../ports/opening.ts';
import type { Inviting, OpenGateway } from './inviting.ts';

/** What a run is given; `main.ts` wires it, tests wire it otherwise. */
export interface RunApp {
  readonly ledger: Ledger;
  readonly channel: Channel;
  readonly openGateway: OpenGateway;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly keys: Keyring;
  readonly memory: HostMemory;
  readonly progress: Progress;
  /** Random GUID text. */
  readonly newId: () => string;
  readonly host: string;
  readonly pid: number;
  /** Aborted by Ctrl-C: what is on the wire is finished and recorded, nothing new begins. */
  readonly signal: AbortSignal;
}

/** Telegram's word: no call before `until` (monotonic); `unsaved`: other processes must still be told of it. */
export interface Silence {
  until: number;
  unsaved: boolean;
}

/** A run that hasn't heard from its database for so long begins no call: someone else may have judged its rows. */
export const LEASE_MS = 10_000;

/** What one process keeps from look to look, also when it lets the lock go and takes it again. */
export interface Journey {
  readonly pace: Pace;
  readonly silence: Silence;
  /** Rows of notices that were surely not sent and wait for their next try, each notice by its first row. */
  readonly waiting: Set<number>;
  readonly inviting: Inviting;
}

/** What a run under the lock knows; the steps read it, only what it keeps moves. */
export interface HeldRun extends Journey {
  readonly runId: RunId;
  readonly opened: OpenedRun;
  /** Monotonic time by which a run with --since-last ends in order; null = none. */
  readonly deadline: number | null;
}

/** What a step leaves behind for the summary. */
export interface StepReport {
  readonly codes: readonly ExitCode[];
  readonly findings: readonly Finding[];
}

/** All that the looks of one run did. */
export interface ServedReport extends StepReport {
  readonly pulled: PulledSum;
  readonly tasks: readonly TaskSum[];
  readonly sent: SentSum;
  readonly invited: InvitedSum;
  /** The newest wake row that this run has served. */
  readonly wakeNo: number;
  /** lock_lost: nothing more may be written. */
  readonly ended: 'done' | 'lock_lost';
}

/** Milliseconds left before the deadline; Infinity without one. */
export function remainingMs(held: HeldRun, clock: Clock): number {
  return held.deadline === null ? Number.POSITIVE_INFINITY : Math.max(0, held.deadline - clock.monotonic());
}

/** Takes a `retry_after` over to this process's own clock, which no one sets back. */
export function keepSilence(silence: Silence, until: Instant, clock: Pick<Clock, 'now' | 'monotonic'>): void {
  silence.unsaved = true;
  silence.until = Math.max(silence.until, clock.monotonic() + Math.max(0, until - clock.now()));
}

/** The silence as an instant of the database's clock, which the next run compares it with; null when there is nothing to tell. */
export async function unsavedSilence(
  { ledger, clock }: Pick<RunApp, 'ledger' | 'clock'>,
  { unsaved, until }: Silence,
): Promise<Instant | null> {
  if (!unsaved) return null;
  const { now } = await ledger.readClock();
  return Math.ceil(now + Math.max(0, until - clock.monotonic()));
}
