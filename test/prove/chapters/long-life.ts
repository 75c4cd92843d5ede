import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { openKept } from '../../life/kept.ts';
import { live } from '../../life/life.ts';
import type { Lived } from '../../life/life.ts';
import type { Measures } from '../../life/measure.ts';
import type { PrunedLedger } from '../../life/upkeep.ts';
import { memoryFolder } from '../../support/memory-folder.ts';
import { never, verdictOf } from '../chapter.ts';
import type { Chapter, Progress, ProveWish, Reach, Row } from '../chapter.ts';

const DAYS = 3 * 365;
const CLOCK_CHANGES = 6;
const LOG_FILES = 14;
/** What a process may hold more at the end than after its first month: caches that fill, and the test's own counting. */
const HEAP_SLACK = 16e6;
/** How much more the middle run may compute at the end than in the first month, machines being what they are. */
const SLOWER = 1.5;
/** Bytes of the embedded engine's ledger for each operation it has told of, right after a prune: 484 were measured before the first one. */
const BYTES_AN_OPERATION = 500;
/** Rows beside one for each operation are details of the last 90 days: so much more than after the first prune at most. */
const MORE_DETAILS = 1.2;
/** Three years of tables and a copy. */
const ROOM = 6e9;

/** Three years of a restaurant in virtual time; ended by the deadline, it goes on the next time. */
export const longLife: Chapter = {
  name: 'long-life',
  unit: 'days',
  msEach: 3_300,
  reach: (wish) => reachOf(read(wish)),
  work: async ({ deadline, progress, tell }) => {
    const lived = await live({
      from: Date.UTC(2026, 2, 1),
      folder: placeOf(progress),
      days: DAYS,
      everyMs: 600_000,
      operationsADay: 2_000,
      customers: 3_000,
      // Who is told buys about as often as anybody else, 800 times in three years: a balance is the sum of all that a guest ever did.
      subscribers: 200,
      eventDayEvery: 30,
      upkeepEvery: 180,
      upgradeOn: [20, Math.round(DAYS / 2)],
      log: { maxSize: '1MB', keep: LOG_FILES },
      kept: openKept(join(progress.folder, 'long-life')),
      keepEvery: 30,
      onKept: (soFar) => progress.write('long-life', soFar),
      goesOn: () => performance.now() < deadline,
      tell,
    });
    for (const sentence of lived.broken) tell(sentence);
    progress.write('long-life', lived);
  },
  report: (wish) => {
    const lived = read(wish);
    if (lived === null) return [never({ promise: '1', what: 'virtual days lived', count: 0, reach: { done: 0, of: DAYS } })];
    return [...promised(lived), ...measured(lived)];
  },
};

/** Of this proof, and the same in each sitting: the ledger is bound to it. */
function placeOf(progress: Progress): string {
  const former = progress.read<string>('long-life-place');
  if (former !== null) return former;
  const place = join(
    memoryFolder(ROOM),
    `tp-tg-notify-long-life-${createHash('sha256').update(progress.folder).digest('hex').slice(0, 8)}`,
  );
  progress.write('long-life-place', place);
  return place;
}

function read({ progress }: ProveWish): Lived | null {
  return progress.read<Lived>('long-life');
}

function reachOf(lived: Lived | null): Reach {
  return { done: lived?.days ?? 0, of: DAYS };
}

function promised(lived: Lived): Row[] {
  const { days, operations, clockChanges, upkeep, verdict, broken, resumed } = lived;
  const reach = reachOf(lived);
  // Judged at its end alone: a life that was killed is under way.
  const judged = { done: verdict === null ? 0 : days, of: DAYS };
  const { lost, notTold, doubled, toldToOthers } = verdict ?? { lost: 0, notTold: 0, doubled: 0, toldToOthers: 0 };
  const of = `${days} virtual days of ${DAYS}, ${operations} operations, interrupted ${resumed} times`;
  return [
    never({
      promise: '1',
      what: `operations without a row, or of a subscribed guest and not told, in ${of}`,
      count: lost + notTold,
      reach: judged,
    }),
    never({ promise: '2', what: 'told more than once', count: doubled, reach: judged }),
    never({ promise: '6', what: 'told to another chat than the customer’s', count: toldToOthers, reach: judged }),
    never({
      promise: '1–8',
      what: `runs that ended with another code than 0, or upkeep that failed (${upkeep.join('; ')})`,
      count: broken.length,
      reach,
    }),
    {
      promise: '1',
      what: 'changes of the clock in the site’s zone (Europe/Berlin) that it went through',
      figure: String(clockChanges),
      must: days >= DAYS ? String(CLOCK_CHANGES) : `${CLOCK_CHANGES} in three years`,
      verdict: verdictOf(days < DAYS || clockChanges === CLOCK_CHANGES, reach),
    },
  ];
}

function measured(lived: Lived): Row[] {
  const { months } = lived;
  const reach = reachOf(lived);
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const events = months.findLast(({ eventRuns }) => eventRuns > 0);
  const both = (show: (month: Measures) => string): string => `${show(first)} in the first month, ${show(last)} in the last`;
  const held = (holds: boolean): Row['verdict'] => verdictOf(holds, reach);
  return [
    ...yearsOf(lived),
    ...prunedRows(lived, reach),
    {
      promise: 'life',
      what: 'a scheduled run, the middle one (95 of 100 within; the longest, at night over a quarter of a year)',
      figure: both(({ medianMs, p95Ms, longestMs }) => `${medianMs.toFixed(1)} ms (${p95Ms.toFixed(1)}; ${longestMs.toFixed(0)} ms)`),
      must: 'measured',
      verdict: held(true),
    },
    {
      promise: 'life',
      what: 'processor time of a scheduled run, the middle one: the same, whatever else the machine does',
      figure: both(({ medianCpuMs }) => `${medianCpuMs.toFixed(1)} ms`),
      must: `at most ${SLOWER} times the first month’s`,
      verdict: held(last.medianCpuMs <= first.medianCpuMs * SLOWER),
    },
    {
      promise: 'life',
      what: 'a run that an operation has started, the middle one (95 of 100 within)',
      figure:
        events === undefined
          ? 'none yet'
          : `${events.eventMedianMs.toFixed(1)} ms (${events.eventP95Ms.toFixed(1)}) of ${events.eventRuns} in its month`,
      must: 'measured',
      verdict: held(true),
    },
    {
      promise: 'life',
      what: 'memory held after collection, the proof’s own machinery with it',
      figure: both(({ heapBytes }) => mb(heapBytes)),
      must: `flat (${mb(HEAP_SLACK)} more at most)`,
      verdict: held(last.heapBytes - first.heapBytes <= HEAP_SLACK),
    },
    {
      promise: 'life',
      what: 'files and size of the program’s log',
      figure: `${last.logFiles}, ${mb(last.logBytes)}`,
      must: `${LOG_FILES} files of 1 MB at most`,
      verdict: held(last.logFiles <= LOG_FILES && last.logBytes <= (LOG_FILES + 1) * 1e6),
    },
  ];
}

/** Each year whole, and the one under way as far as it came. */
function yearsOf({ years, months, operations, days }: Lived): Row[] {
  const last = months.at(-1);
  const rows = years.map((year, index) => yearRow(`year ${index + 1}`, year));
  if (last !== undefined && days > years.length * 365) rows.push(yearRow(`the last month of day ${days}`, { ...last, operations }));
  return rows;
}

/** What prune leaves: one row an operation, and details that don't grow with the years. */
function prunedRows({ pruned }: Lived, whole: Reach): Row[] {
  const [first] = pruned;
  const last = pruned.at(-1);
  const reach = first === undefined ? { ...whole, done: 0 } : whole;
  const details = ({ rows, operations }: PrunedLedger): number => rows - operations;
  const bytesEach = pruned.map(({ bytes, operations }) => bytes / Math.max(1, operations));
  const most = Math.round(Math.max(0, ...bytesEach));
  return [
    {
      promise: 'life',
      what: `bytes of the ledger an operation, the most after any of ${pruned.length} prunes`,
      figure: String(most),
      must: `≤ ${BYTES_AN_OPERATION}`,
      verdict: verdictOf(most <= BYTES_AN_OPERATION, reach),
    },
    {
      promise: 'life',
      what: 'rows of the ledger beside one an operation, after the first prune and the last',
      figure: first === undefined || last === undefined ? 'none yet' : `${details(first)}, ${details(last)}`,
      must: `at most ${MORE_DETAILS} times as many`,
      verdict: verdictOf(first === undefined || last === undefined || details(last) <= details(first) * MORE_DETAILS, reach),
    },
  ];
}

function yearRow(name: string, year: Measures): Row {
  const perOperation = Math.round(year.ledgerBytes / Math.max(1, year.operations));
  return {
    promise: 'life',
    what: `${name}: a scheduled run, middle and 95 of 100; started by an operation; heap; ledger rows, size, bytes an operation (grow with operations, shrink by prune)`,
    figure: `${year.medianMs.toFixed(1)} and ${year.p95Ms.toFixed(1)} ms; ${year.eventMedianMs.toFixed(1)} and ${year.eventP95Ms.toFixed(1)} ms; ${mb(year.heapBytes)}; ${year.ledgerRows}, ${mb(year.ledgerBytes)}, ${perOperation}`,
    must: 'measured',
    verdict: 'kept',
  };
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
