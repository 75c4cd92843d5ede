/** One way to break the program: an exact text that stands once in one file, and what takes its place. */
export interface Mutant {
  readonly name: string;
  /** Number of the design's promise that it attacks. */
  readonly promise: string;
  /** From the root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Test files that are asked first, the likeliest first; after them storms. */
  readonly tests: readonly string[];
  /** Tried only on the server that `TP_TEST_MSSQL` names, by the tests whose names hold this; storms know nothing of it. */
  readonly onServer?: string;
}

export const LEDGER = 'test/contract/sqlite.test.ts';
export const DESK = 'test/contract/desk-sqlite.test.ts';
export const DELIVER = 'test/run/deliver.test.ts';
export const INVITE = 'test/run/invite.test.ts';
export const PLAN = 'test/run/plan.test.ts';
export const RUN = 'test/run/run.test.ts';
export const SUBSCRIBE = 'test/run/subscribe.test.ts';

/** The source with the mutant in it; null when the text no longer stands there, or stands there more than once. */
export function breakText(source: string, { from, to }: Pick<Mutant, 'from' | 'to'>): string | null {
  const parts = source.split(from);
  return parts.length === 2 && from !== to ? parts.join(to) : null;
}
