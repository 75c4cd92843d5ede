/**
 * Exit codes are an interface: schedulers and Tillypad's task act on them. Documented in `--help`, README and decision 7;
 * where several apply, the first in `PRECEDENCE` is given.
 */
export const EXIT = {
  /** Done; also nothing to do, left to the running one, guests who blocked the bot. */
  done: 0,
  /** A fault in the program. */
  fault: 1,
  /** Usage or settings. */
  usage: 2,
  /** The database can't be reached or used. */
  database: 3,
  /** New deliveries in doubt, or refusals that are ours (text, rights). */
  doubt: 4,
  /** An account is unusable: token, gateway, a webhook or a second reader. */
  account: 5,
  /** Schema and program don't fit. */
  schema: 6,
  /** This database is a copy or was set back in time. */
  place: 7,
  /** A service is unreachable or limits us: rows wait and go by themselves. */
  unreachable: 8,
  /** The answer is no: brake, doctor, status. */
  no: 9,
  /** Interrupted. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const PRECEDENCE: readonly ExitCode[] = [1, 130, 7, 6, 3, 2, 5, 4, 8, 9, 0];

/** The one exit code for all that happened. */
export function exitCodeOf(codes: Iterable<ExitCode>): ExitCode {
  const seen = new Set(codes);
  return PRECEDENCE.find((code) => seen.has(code)) ?? EXIT.done;
}
