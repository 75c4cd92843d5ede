import { crowd, findBroken } from '../../crash/crowd.ts';
import { hangingHolder, lateCommit, stoppedPastLease } from '../../crash/stopped.ts';
import type { Trial } from '../../crash/stopped.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { SiteWish } from '../../support/processes.ts';
import type { Chapter, ProveWish, Row } from '../chapter.ts';

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
}

/** Many processes on one database, and holders that hang, are stopped, or wait for what is committed late. */
export const concurrency: Chapter = {
  name: 'concurrency',
  engines: ['sqlite'],
  run: async (wish) => {
    const rows = await crowds(wish);
    for (const trial of TRIALS) rows.push(await tryOut(wish, trial));
    return rows;
  },
};

async function crowds(wish: ProveWish): Promise<Row[]> {
  const rounds = Math.min(ROUNDS, wish.seeds);
  const sum: Sum = { rounds: 0, processes: 0, told: 0, longestMs: 0, broken: [] };
  const site = await openProcessSite({ linger: '1s', guests: rounds * (OPERATIONS.early + OPERATIONS.late) });
  try {
    while (sum.rounds < rounds && performance.now() < wish.deadline) {
      const round = await crowd(site, { starts: STARTS, ...OPERATIONS });
      sum.rounds += 1;
      sum.processes += round.ends.length;
      sum.told += round.told.length;
      sum.longestMs = Math.max(sum.longestMs, round.longestMs);
      const sentences = findBroken(round);
      if (sentences.length > 0) sum.broken.push({ round: sum.rounds, sentences });
      wish.tell(`concurrency round ${sum.rounds} of ${rounds}: longest ${Math.round(round.longestMs)} ms ${sentences.join(' · ')}`);
    }
  } finally {
    await site.close();
  }
  return rowsOf(sum, rounds);
}

function rowsOf({ rounds, processes, told, longestMs, broken }: Sum, wanted: number): Row[] {
  const hits = (pattern: RegExp): string => String(broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length);
  const of = `${rounds} rounds of ${STARTS} processes on one database (${processes} starts, ${told} signals)`;
  const whole = rounds === wanted;
  return [
    { promise: '3', what: `rounds with a wake-up lost, in ${of}`, figure: hits(/were lost/), must: '0', kept: whole },
    { promise: '3', what: 'rounds with another number of senders than one', figure: hits(/processes sent/), must: '0', kept: whole },
    { promise: '2', what: 'rounds with a guest told twice', figure: hits(/told twice/), must: '0', kept: whole },
    {
      promise: '3',
      what: 'rounds in which a process left otherwise than with 0 and the holder’s name',
      figure: hits(/ended with|naming/),
      must: '0',
      kept: whole,
    },
    {
      promise: '3',
      what: 'longest wait of a guest from the moment when the sender was free, s',
      figure: (longestMs / 1000).toFixed(1),
      must: `≤ ${LONGEST_MS / 1000}`,
      kept: whole && longestMs <= LONGEST_MS,
    },
  ].map((row) => ({ ...row, kept: row.kept && (row.must !== '0' || row.figure === '0') }));
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

async function tryOut(wish: ProveWish, { what, times, site: siteWish, trial }: Tried): Promise<Row> {
  const site = await openProcessSite(siteWish);
  const broken: string[] = [];
  let done = 0;
  try {
    while (done < Math.min(times, wish.seeds) && performance.now() < wish.deadline) {
      broken.push(...(await trial(site)));
      done += 1;
    }
  } finally {
    await site.close();
  }
  wish.tell(`concurrency, ${what}: ${done} times ${broken.join(' · ')}`);
  return {
    promise: '3',
    what: `${what} (${done} times): broken`,
    figure: String(broken.length),
    must: '0',
    kept: broken.length === 0 && done > 0,
  };
}
