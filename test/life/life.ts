import type { Kept } from './kept.ts';
import { measureGrown, measureRuns } from './measure.ts';
import type { Measures, Timings } from './measure.ts';
import { openRestaurant } from './restaurant.ts';
import type { LifeWish, Restaurant, RestaurantState } from './restaurant.ts';
import { pruneAndRotate, upgrade } from './upkeep.ts';
import type { Keeper, PrunedLedger } from './upkeep.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Open from ten in the morning; before that the night bar of a hotel sells one thing between two runs. */
const OPENS_AT = 10 / 24;
const DAYS_A_MONTH = 30;
const DAYS_A_YEAR = 365;

/** A life so far: everything that is not in its files. */
interface Past {
  readonly months: Measures[];
  readonly years: Measures[];
  /** What upkeep came to, a sentence each. */
  readonly upkeep: string[];
  readonly pruned: PrunedLedger[];
  /** What was not as promised, a sentence each. */
  readonly broken: string[];
  day: number;
  clockChanges: number;
  /** How often it was gone on with. */
  resumed: number;
  /** Of the month and the year under way. */
  month: Timings;
  year: Timings;
}

export interface Lived extends Pick<Past, 'clockChanges' | 'resumed'> {
  readonly days: number;
  readonly operations: number;
  readonly months: readonly Measures[];
  readonly years: readonly Measures[];
  readonly upkeep: readonly string[];
  readonly pruned: readonly PrunedLedger[];
  readonly broken: readonly string[];
  /** Null while it is under way. */
  readonly verdict: ReturnType<Restaurant['judge']> | null;
}

export interface LifeTurn extends LifeWish {
  readonly days: number;
  /** Between two scheduled runs. */
  readonly everyMs: number;
  /** One day in so many, each operation starts a run of its own. */
  readonly eventDayEvery: number;
  /** Days between two upkeeps (prune, rotation of keys), and the days on which the program is installed anew. */
  readonly upkeepEvery: number;
  readonly upgradeOn: readonly number[];
  /** Where it is kept every so many days, and goes on the next time. */
  readonly kept: Kept;
  readonly keepEvery: number;
  readonly onKept: (lived: Lived) => void;
  readonly goesOn: () => boolean;
  readonly tell: (line: string) => void;
}

interface Living extends LifeTurn, Keeper {
  readonly past: Past;
}

interface KeptLife {
  readonly past: Past;
  readonly restaurant: RestaurantState;
}

/** Lives so many days, or as far as there is time, from where it was kept. */
export async function live(turn: LifeTurn): Promise<Lived> {
  const before = turn.kept.restore<KeptLife>(turn.folder);
  const restaurant = await openRestaurant(turn, before?.restaurant ?? null);
  const past = before?.past ?? newborn();
  const living: Living = { ...turn, restaurant, past, broken: past.broken, upkeep: past.upkeep, pruned: past.pruned };
  try {
    if (before === null) await run(living);
    else past.resumed += 1;
    while (past.day < turn.days && turn.goesOn()) {
      await liveDay(living);
      past.day += 1;
      await endDay(living);
    }
    if (past.day % turn.keepEvery !== 0) keep(living);
    if (past.day % DAYS_A_MONTH !== 0) await endMonth(living);
    await restaurant.world.clock.advance(MINUTE);
    await run(living);
    restaurant.hear();
    return { ...livedSoFar(living), verdict: restaurant.judge() };
  } finally {
    await restaurant.close();
  }
}

function newborn(): Past {
  return {
    months: [],
    years: [],
    upkeep: [],
    pruned: [],
    broken: [],
    day: 0,
    clockChanges: 0,
    resumed: 0,
    month: noTimings(),
    year: noTimings(),
  };
}

function noTimings(): Timings {
  return { ms: [], cpuMs: [], eventMs: [] };
}

async function endDay(living: Living): Promise<void> {
  const { past, upkeepEvery, upgradeOn, keepEvery } = living;
  const { day } = past;
  if (day % DAYS_A_MONTH === 0) await endMonth(living);
  if (day % DAYS_A_YEAR === 0) await endYear(living);
  if (day % upkeepEvery === 0) await pruneAndRotate(living, day);
  if (upgradeOn.includes(day)) await upgrade(living, day);
  if (day % keepEvery === 0) keep(living);
}

function keep(living: Living): void {
  const { kept, folder, past, restaurant } = living;
  kept.save(folder, { restaurant: restaurant.keep(), past } satisfies KeptLife);
  living.onKept(livedSoFar(living));
}

function livedSoFar({ past, restaurant }: Living): Lived {
  const { day, months, years, upkeep, pruned, broken, clockChanges, resumed } = past;
  return { days: day, operations: restaurant.made, months, years, upkeep, pruned, broken, clockChanges, resumed, verdict: null };
}

async function liveDay(living: Living): Promise<void> {
  const { restaurant, past, operationsADay, eventDayEvery, everyMs } = living;
  const { clock } = restaurant.world;
  const before = hourOffset(restaurant);
  const slots = Math.round(DAY / everyMs);
  const opensAt = Math.round(slots * OPENS_AT);
  const open = Math.floor((operationsADay - opensAt) / (slots - opensAt));
  const isEventDay = past.day % eventDayEvery === eventDayEvery - 1;
  for (let slot = 0; slot < slots; slot += 1) {
    const count = slot < opensAt ? 1 : open;
    const end = clock.trueNow() + everyMs;
    if (isEventDay && slot >= opensAt) await sellWithEvents(living, count);
    await clock.advance(Math.max(0, end - clock.trueNow()));
    if (!isEventDay || slot < opensAt) restaurant.buy(count, everyMs);
    const { ms, cpuMs } = await run(living);
    for (const timings of [past.month, past.year]) {
      timings.ms.push(ms);
      timings.cpuMs.push(cpuMs);
    }
  }
  restaurant.hear();
  if (hourOffset(restaurant) !== before) past.clockChanges += 1;
}

/** Each operation leaves its word, and the run that it starts lingers for what may come late. */
async function sellWithEvents(living: Living, count: number): Promise<void> {
  const { restaurant, past, everyMs } = living;
  const { clock } = restaurant.world;
  const step = Math.floor(everyMs / (count + 1));
  for (let one = 0; one < count; one += 1) {
    const next = clock.trueNow() + step;
    restaurant.buy(1, 0);
    restaurant.wake();
    const { ms } = await run(living);
    for (const timings of [past.month, past.year]) timings.eventMs.push(ms);
    await clock.advance(Math.max(0, next - clock.trueNow()));
  }
}

/** Answers its real milliseconds and those of processor time, to a tenth. */
async function run({ restaurant, broken }: Living): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const began = performance.now();
  const computed = process.cpuUsage();
  const { code, text } = await restaurant.site.command('run', '--since-last');
  if (code !== 0 && broken.length < 20) broken.push(`a run at ${restaurant.world.wallNow()} ended with ${code}: ${text.slice(0, 300)}`);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(computed);
  return { ms: Math.round(ms * 10) / 10, cpuMs: Math.round((user + system) / 100) / 10 };
}

async function endMonth(living: Living): Promise<void> {
  const { restaurant, past, tell } = living;
  const grown = await measureGrown(restaurant);
  const month: Measures = { days: past.day, operations: restaurant.made, ...measureRuns(past.month), ...grown };
  past.months.push(month);
  past.month = noTimings();
  tell(`day ${past.day} of ${living.days}: ${describe(month)}`);
}

async function endYear({ restaurant, past, tell }: Living): Promise<void> {
  const grown = await measureGrown(restaurant);
  const year: Measures = { days: past.day, operations: restaurant.made, ...measureRuns(past.year), ...grown };
  past.years.push(year);
  past.year = noTimings();
  tell(`year ${past.years.length}: ${describe(year)}`);
}

function describe(measures: Measures): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const {
    operations,
    medianMs,
    medianCpuMs,
    p95Ms,
    longestMs,
    eventRuns,
    eventMedianMs,
    ledgerRows,
    ledgerBytes,
    heapBytes,
    logFiles,
    logBytes,
  } = measures;
  return `${operations} operations; a run ${medianMs.toFixed(1)} ms (${medianCpuMs.toFixed(1)} ms of processor), 95 of 100 within ${p95Ms.toFixed(1)}, at most ${longestMs.toFixed(0)}; ${eventRuns} event runs ${eventMedianMs.toFixed(1)} ms; ledger ${ledgerRows} rows, ${mb(ledgerBytes)} MB; heap ${mb(heapBytes)} MB; log ${logFiles} files, ${mb(logBytes)} MB`;
}

/** Hours between the site's wall clock and UTC. */
function hourOffset({ world }: Restaurant): number {
  return (Number(world.wallNow().slice(11, 13)) - new Date(world.serverNow()).getUTCHours() + 24) % 24;
}
