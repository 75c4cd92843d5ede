import { crowd, findBroken } from '../../crash/crowd.ts';
import { hangingHolder, lateCommit, stoppedPastLease } from '../../crash/stopped.ts';
import type { Trial } from '../../crash/stopped.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { SiteWish } from '../../support/processes.ts';
import { never, verdictOf } from '../chapter.ts';
import type { Chapter, ProveWish, Reach, Row, WorkWish } from '../chapter.ts';

const STARTS = 50;
const ROUNDS = 20;
/** Forty operations a round: the site has sums for twenty rounds of them. */
const OPERATIONS = { early: 20, late: 20 } as const;
/** From the moment when nothing holds the sender up to the last notice: 40 at 29 a second, one second of lingering, and a machine that is shared. */
const LONGEST_MS = 10_000;

interface Sum {
  rounds: number;
  processes: number;
  told: number;
  longestMs: number;
  broken: { readonly round: number; readonly sentences: readonly string[] }[];
  /** By what they are. */
  readonly trials: Record<string, { done: number; broken: string[] }>;
}

const NOTHING: Sum = { rounds: 0, processes: 0, told: 0, longestMs: 0, broken: [], trials: {} };

/** Many processes on one database, and holders that hang, are stopped, or wait for what is committed late. */
export const concurrency: Chapter = {
  name: 'concurrency',
  unit: 'rounds',
  msEach: 16_000,
  reach: (wish) => {
    const sum = read(wish);
    const trials = TRIALS.map((tried) => reachOf(sum, tried));
    const all = [{ done: sum.rounds, of: ROUNDS }, ...trials];
    return { done: all.reduce((n, { done }) => n + done, 0), of: all.reduce((n, { of }) => n + of, 0) };
  },
  work: async (wish) => {
    // Short and of another kind each: they come first.
    for (const tried of TRIALS) await tryOut(wish, tried);
    await crowds(wish);
  },
  report: (wish) => {
    const sum = read(wish);
    return [...crowdRows(sum), ...TRIALS.map((tried) => trialRow(sum, tried))];
  },
};

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('concurrency') ?? structuredClone(NOTHING);
}

async function crowds(wish: WorkWish): Promise<void> {
  const sum = read(wish);
  const left = ROUNDS - sum.rounds;
  if (left <= 0 || performance.now() > wish.deadline) return;
  const site = await openProcessSite({ linger: '1s', guests: left * (OPERATIONS.early + OPERATIONS.late) });
  try {
    while (sum.rounds < ROUNDS && performance.now() < wish.deadline) {
      const round = await crowd(site, { starts: STARTS, ...OPERATIONS });
      sum.rounds += 1;
      sum.processes += round.ends.length;
      sum.told += round.told.length;
      sum.longestMs = Math.max(sum.longestMs, round.longestMs);
      const sentences = findBroken(round);
      if (sentences.length > 0) sum.broken.push({ round: sum.rounds, sentences });
      wish.progress.write('concurrency', sum);
      wish.tell(`round ${sum.rounds} of ${ROUNDS}: longest ${Math.round(round.longestMs)} ms ${sentences.join(' · ')}`);
    }
  } finally {
    await site.close();
  }
}

function crowdRows({ rounds, processes, told, longestMs, broken }: Sum): Row[] {
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length;
  const reach = { done: rounds, of: ROUNDS };
  const of = `${rounds} rounds of ${STARTS} processes on one database (${processes} starts, ${told} signals)`;
  return [
    never({ promise: '3', what: `rounds with a wake-up lost, in ${of}`, count: hits(/were lost/), reach }),
    never({ promise: '3', what: 'rounds with another number of senders than one', count: hits(/processes sent/), reach }),
    never({ promise: '2', what: 'rounds with a guest told twice', count: hits(/told twice/), reach }),
    never({
      promise: '3',
      what: 'rounds in which a process left otherwise than with 0 and the holder’s name',
      count: hits(/ended with|naming/),
      reach,
    }),
    {
      promise: '3',
      what: 'longest wait of a guest from the moment when the sender was free, s',
      figure: (longestMs / 1000).toFixed(1),
      must: `≤ ${LONGEST_MS / 1000}`,
      verdict: verdictOf(longestMs <= LONGEST_MS, reach),
    },
  ];
}

interface Tried {
  readonly what: string;
  readonly times: number;
  readonly site: SiteWish;
  readonly trial: Trial;
}

const TRIALS: readonly Tried[] = [
  {
    what: 'an operation committed 4 s after its event, run lingering',
    times: 5,
    site: { linger: '6s', guests: 6 },
    trial: lateCommit(4_000),
  },
  {
    what: 'a holder whose call hangs: the others leave with 0 and name it, the guest is told once more with the mark',
    times: 3,
    site: { guests: 4, timeout: '10s' },
    trial: hangingHolder,
  },
  {
    what: 'a holder stopped (SIGSTOP) for more than its lease between claim and first byte: no call before the database confirmed',
    times: 3,
    site: { guests: 20 },
    trial: stoppedPastLease,
  },
];

async function tryOut(wish: WorkWish, { what, times, site: siteWish, trial }: Tried): Promise<void> {
  const sum = read(wish);
  const state = (sum.trials[what] ??= { done: 0, broken: [] });
  if (state.done >= times || performance.now() > wish.deadline) return;
  const site = await openProcessSite(siteWish);
  try {
    while (state.done < times && performance.now() < wish.deadline) {
      state.broken.push(...(await trial(site)));
      state.done += 1;
      wish.progress.write('concurrency', sum);
    }
  } finally {
    await site.close();
  }
  wish.tell(`${what}: ${state.done} times ${state.broken.join(' · ')}`);
}

function reachOf({ trials }: Sum, { what, times }: Tried): Reach {
  return { done: trials[what]?.done ?? 0, of: times };
}

function trialRow(sum: Sum, tried: Tried): Row {
  const reach = reachOf(sum, tried);
  const count = sum.trials[tried.what]?.broken.length ?? 0;
  return never({ promise: '3', what: `${tried.what} (${reach.done} times): broken`, count, reach });
}
