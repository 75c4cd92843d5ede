import { live } from '../../life/life.ts';
import type { Lived } from '../../life/life.ts';
import type { Month } from '../../life/measure.ts';
import type { Chapter, Row } from '../chapter.ts';

const DAYS = 3 * 365;
const OPERATIONS_A_DAY = 2_000;
const LOG_FILES = 14;
/** What a process may hold more at the end than after its first month: caches that fill, and the test's own counting. */
const HEAP_SLACK = 16e6;
/** How much longer the middle run may take at the end than in the first month, machines being what they are. */
const SLOWER = 1.5;

/** Three years of a restaurant in virtual time; the deadline may end it earlier, and then it says how far it came. */
export const longLife: Chapter = {
  name: 'long-life',
  engines: ['sqlite'],
  run: async ({ deadline, tell }) => {
    const lived = await live({
      from: Date.UTC(2026, 2, 1),
      days: DAYS,
      everyMs: 600_000,
      operationsADay: OPERATIONS_A_DAY,
      customers: 3_000,
      subscribers: 20,
      eventDayEvery: 30,
      upkeepEvery: 180,
      upgradeOn: 20,
      log: { maxSize: '1MB', keep: LOG_FILES },
      goesOn: () => performance.now() < deadline,
      tell: (line) => tell(`long-life ${line}`),
    });
    for (const sentence of lived.broken) tell(`long-life: ${sentence}`);
    return [...promised(lived), ...measured(lived)];
  },
};

function promised({ days, operations, clockChanges, upkeep, verdict, broken }: Lived): Row[] {
  const of = `${days} virtual days of ${DAYS}, ${operations} operations, ${clockChanges} changes of the clock`;
  const zero = (promise: string, what: string, count: number): Row => ({
    promise,
    what,
    figure: String(count),
    must: '0',
    kept: count === 0,
  });
  return [
    zero('1', `operations without a row, or of a subscribed guest and not told, in ${of}`, verdict.lost + verdict.notTold),
    zero('2', 'told more than once', verdict.doubled),
    zero('6', 'told to another chat than the customer’s', verdict.toldToOthers),
    zero('1–8', `runs that ended with another code than 0, or upkeep that failed (${upkeep.join('; ')})`, broken.length),
    { promise: '1', what: 'virtual days lived', figure: String(days), must: String(DAYS), kept: days >= DAYS },
  ];
}

function measured({ months, operations }: Lived): Row[] {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const events = months.findLast(({ eventRuns }) => eventRuns > 0);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const both = (read: (month: Month) => string): string => `${read(first)} in the first month, ${read(last)} in the last`;
  const perOperation = Math.round(last.ledgerBytes / Math.max(1, operations));
  return [
    {
      promise: 'life',
      what: 'the ledger at the end: rows, size, bytes an operation',
      figure: `${last.ledgerRows}, ${mb(last.ledgerBytes)}, ${perOperation}`,
      must: 'measured',
      kept: true,
    },
    {
      promise: 'life',
      what: 'a scheduled run, the middle one (the longest, at night over a quarter of a year)',
      figure: both(({ medianMs, longestMs }) => `${medianMs.toFixed(1)} ms (${longestMs.toFixed(0)} ms)`),
      must: `the middle one at most ${SLOWER} times the first month’s`,
      kept: last.medianMs <= first.medianMs * SLOWER,
    },
    {
      promise: 'life',
      what: 'a run that an operation has started, the middle one',
      figure: events === undefined ? 'none yet' : `${events.eventMedianMs.toFixed(1)} ms of ${events.eventRuns} in its month`,
      must: 'measured',
      kept: true,
    },
    {
      promise: 'life',
      what: 'memory held after collection',
      figure: both(({ heapBytes }) => mb(heapBytes)),
      must: `flat (${mb(HEAP_SLACK)} more at most)`,
      kept: last.heapBytes - first.heapBytes <= HEAP_SLACK,
    },
    {
      promise: 'life',
      what: 'files and size of the program’s log',
      figure: `${last.logFiles}, ${mb(last.logBytes)}`,
      must: `${LOG_FILES} files of 1 MB at most`,
      kept: last.logFiles <= LOG_FILES && last.logBytes <= (LOG_FILES + 1) * 1e6,
    },
  ];
}
