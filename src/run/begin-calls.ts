import { bookPace, settlePace } from '../core/pace.ts';
import type { TaskSettings } from '../core/settings.ts';
import { addWall } from '../core/wall-time.ts';
import type { AdvanceAnswer, ClaimedNotice, FinishedNotice } from '../ports/deliveries.ts';
import type { CommonSettings } from './common.ts';
import { LEASE_MS } from './context.ts';
import type { HeldRun, RunApp } from './context.ts';
import type { RunRequest } from './request.ts';
import { send } from './send.ts';
import type { Wire } from './wire.ts';

/** What became of one call. */
export interface CallEnd {
  readonly notice: ClaimedNotice;
  readonly finished: FinishedNotice;
  /** What was thrown: a mistake in the program. */
  readonly fault: unknown;
}

/** The delivering that the calls belong to. */
export interface CallsOf {
  readonly app: RunApp;
  readonly request: RunRequest;
  readonly held: HeldRun;
  readonly common: CommonSettings;
  readonly settings: ReadonlyMap<string, TaskSettings>;
  readonly wire: Wire<CallEnd>;
  halted: boolean;
}

/** Puts a claim on the wire. `askedAt`: when the database was asked, by the clock that a stopped process can't fool. */
export function beginCalls(way: CallsOf, { now, notices }: Extract<AdvanceAnswer, { answer: 'claimed' }>, askedAt: number): void {
  const { app, held, wire } = way;
  const { clock } = app;
  const at = { now, wallNow: addWall(held.opened.wallNow, now - held.opened.now) };
  bookPace(held.pace, notices.length, clock.monotonic());
  for (const notice of notices) {
    let beganAt: number | null = null;
    // Asked when the socket stands, just before the first byte.
    const mayBegin = (): boolean => {
      const moment = clock.monotonic();
      if (way.halted || app.signal.aborted || moment - askedAt > LEASE_MS) return false;
      beganAt = moment;
      return true;
    };
    wire.put(
      send(app, { notice, settings: settingsOf(way, notice), claim: way.common.claim, at }, mayBegin)
        .then(
          (finished): CallEnd => ({ notice, finished, fault: null }),
          (fault: unknown): CallEnd => ({ notice, finished: unknownOutcome(notice), fault }),
        )
        .then((end) => {
          const { outcome } = end.finished;
          way.halted ||= outcome.outcome === 'in_doubt' || (outcome.outcome === 'retry' && outcome.code !== 'not_begun');
          settlePace(held.pace, { beganAt, endedAt: clock.monotonic(), answered: outcome.outcome === 'delivered' });
          return end;
        }),
    );
  }
}

/** A row of a task that stands in the settings no more is told as the first one tells. */
function settingsOf({ settings, request }: CallsOf, { taskId }: ClaimedNotice): TaskSettings {
  const found = settings.get(taskId) ?? request.tasks[0];
  if (found === undefined) throw new Error('a run without tasks');
  return found;
}

function unknownOutcome({ attemptNo }: ClaimedNotice): FinishedNotice {
  return {
    attemptNo,
    outcome: { outcome: 'in_doubt', code: 'cut', detail: 'fault' },
    released: [],
    suspendChat: false,
    notBefore: null,
    length: 0,
  };
}
