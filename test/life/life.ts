import { measureHeap, measureLedger, measureLog, median } from './measure.ts';
import type { Month } from './measure.ts';
import type { LifeWish, Restaurant } from './restaurant.ts';
import { openRestaurant } from './restaurant.ts';
import { pruneAndRotate, upgrade } from './upkeep.ts';
import type { Keeper } from './upkeep.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Open from ten in the morning; before that the night bar of a hotel sells one thing between two runs. */
const OPENS_AT = 10 / 24;
const DAYS_A_MONTH = 30;

export interface Lived {
  readonly days: number;
  readonly operations: number;
  readonly months: readonly Month[];
  /** What upkeep came to, a sentence each. */
  readonly upkeep: readonly string[];
  /** What was not as promised, a sentence each. */
  readonly broken: readonly string[];
  readonly clockChanges: number;
  readonly verdict: ReturnType<Restaurant['judge']>;
}

export interface LifeTurn extends LifeWish {
  readonly days: number;
  /** Between two scheduled runs. */
  readonly everyMs: number;
  /** One day in so many, each operation starts a run of its own. */
  readonly eventDayEvery: number;
  /** Days between two upkeeps (prune, rotation of keys), and the day on which the program is installed anew. */
  readonly upkeepEvery: number;
  readonly upgradeOn: number;
  readonly goesOn: () => boolean;
  readonly tell: (line: string) => void;
}

interface Living extends LifeTurn, Keeper {
  readonly months: Month[];
  runMs: number[];
  eventMs: number[];
}

/** Lives so many days, or as far as there is time. */
export async function live(turn: LifeTurn): Promise<Lived> {
  const restaurant = await openRestaurant(turn);
  const living: Living = { ...turn, restaurant, months: [], upkeep: [], broken: [], runMs: [], eventMs: [] };
  try {
    let day = 0;
    let clockChanges = 0;
    await run(living);
    for (; day < turn.days && turn.goesOn(); day += 1) {
      const before = hourOffset(restaurant);
      await liveDay(living, day);
      if (hourOffset(restaurant) !== before) clockChanges += 1;
      if ((day + 1) % DAYS_A_MONTH === 0) endMonth(living, day + 1);
      if ((day + 1) % turn.upkeepEvery === 0) await pruneAndRotate(living, day + 1);
      if (day + 1 === turn.upgradeOn) await upgrade(living, day + 1);
    }
    if (day % DAYS_A_MONTH !== 0) endMonth(living, day);
    await restaurant.world.clock.advance(MINUTE);
    await run(living);
    restaurant.hear();
    const { months, upkeep, broken } = living;
    return { days: day, operations: restaurant.made, months, upkeep, broken, clockChanges, verdict: restaurant.judge() };
  } finally {
    await restaurant.close();
  }
}

async function liveDay(living: Living, day: number): Promise<void> {
  const { restaurant, operationsADay, eventDayEvery, everyMs } = living;
  const { clock } = restaurant.world;
  const slots = Math.round(DAY / everyMs);
  const opensAt = Math.round(slots * OPENS_AT);
  const open = Math.floor((operationsADay - opensAt) / (slots - opensAt));
  const isEventDay = day % eventDayEvery === eventDayEvery - 1;
  for (let slot = 0; slot < slots; slot += 1) {
    const count = slot < opensAt ? 1 : open;
    const end = clock.trueNow() + everyMs;
    if (isEventDay && slot >= opensAt) await sellWithEvents(living, count);
    await clock.advance(Math.max(0, end - clock.trueNow()));
    if (!isEventDay || slot < opensAt) restaurant.buy(count, everyMs);
    living.runMs.push(await run(living));
  }
  restaurant.hear();
}

/** Each operation leaves its word, and the run that it starts lingers for what may come late. */
async function sellWithEvents(living: Living, count: number): Promise<void> {
  const { restaurant, eventMs, everyMs } = living;
  const { clock } = restaurant.world;
  const step = Math.floor(everyMs / (count + 1));
  for (let one = 0; one < count; one += 1) {
    const next = clock.trueNow() + step;
    restaurant.buy(1, 0);
    restaurant.wake();
    eventMs.push(await run(living));
    await clock.advance(Math.max(0, next - clock.trueNow()));
  }
}

/** Answers its real milliseconds. */
async function run({ restaurant, broken }: Living): Promise<number> {
  const began = performance.now();
  const { code, text } = await restaurant.site.command('run', '--since-last');
  if (code !== 0 && broken.length < 20) broken.push(`a run at ${restaurant.world.wallNow()} ended with ${code}: ${text.slice(0, 300)}`);
  return performance.now() - began;
}

function endMonth(living: Living, days: number): void {
  const { restaurant, runMs, eventMs, months, tell } = living;
  const month: Month = {
    days,
    operations: restaurant.made,
    runs: runMs.length,
    medianMs: median(runMs),
    longestMs: Math.max(0, ...runMs),
    eventRuns: eventMs.length,
    eventMedianMs: median(eventMs),
    ...measureLedger(restaurant),
    heapBytes: measureHeap(),
    ...measureLog(restaurant),
  };
  months.push(month);
  living.runMs = [];
  living.eventMs = [];
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const { medianMs, longestMs, eventRuns, eventMedianMs, ledgerRows, ledgerBytes, heapBytes, logFiles, logBytes } = month;
  tell(
    `day ${days} of ${living.days}: ${restaurant.made} operations; a run ${medianMs.toFixed(1)} ms, at most ${longestMs.toFixed(0)}; ${eventRuns} event runs ${eventMedianMs.toFixed(1)} ms; ledger ${ledgerRows} rows, ${mb(ledgerBytes)} MB; heap ${mb(heapBytes)} MB; log ${logFiles} files, ${mb(logBytes)} MB`,
  );
}

/** Hours between the site's wall clock and UTC. */
function hourOffset({ world }: Restaurant): number {
  return (Number(world.wallNow().slice(11, 13)) - new Date(world.serverNow()).getUTCHours() + 24) % 24;
}
