import { DAY, HOUR } from './wall-time.ts';

/** Guests an hour from 09:00 on: coffee, lunch, the lull, dinner. */
const CROWD = [2, 2, 3, 6, 9, 7, 4, 3, 4, 7, 10, 10, 8, 5, 2] as const;
const OPENING = 9 * HOUR;
/** Friday and Saturday, reckoned from 1970-01-01, a Thursday. */
const BUSY_DAYS = [1, 2];

interface Stretch {
  readonly from: number;
  readonly until: number;
  /** Share of all guests who have come before its end, 0 … 1. */
  readonly share: number;
}

/**
 * Maps 0 … 1 onto the opening hours between two times, dense where a restaurant is full. Ask in rising order: it walks
 * forward only, since a million questions are asked.
 */
export function makeHours(from: number, until: number): (progress: number) => number {
  const stretches = makeStretches(from, until);
  let index = 0;
  return (progress) => {
    while (index < stretches.length - 1 && progress >= (stretches[index] as Stretch).share) index += 1;
    const { from: start, until: end, share } = stretches[index] as Stretch;
    const before = index === 0 ? 0 : (stretches[index - 1] as Stretch).share;
    const inside = Math.min(1, Math.max(0, (progress - before) / (share - before)));
    return start + (end - start) * inside;
  };
}

function makeStretches(from: number, until: number): readonly Stretch[] {
  const hours: { from: number; until: number; crowd: number }[] = [];
  for (let day = Math.floor(from / DAY); day * DAY < until; day += 1) {
    const busy = BUSY_DAYS.includes(((day % 7) + 7) % 7) ? 1.6 : 1;
    for (const [hour, crowd] of CROWD.entries()) {
      const start = Math.max(from, day * DAY + OPENING + hour * HOUR);
      const end = Math.min(until, day * DAY + OPENING + (hour + 1) * HOUR);
      if (end > start) hours.push({ from: start, until: end, crowd: (crowd * busy * (end - start)) / HOUR });
    }
  }
  // A span that lies within one night has no opening hour at all; then the restaurant never closes.
  if (hours.length === 0) return [{ from, until, share: 1 }];
  const whole = hours.reduce((sum, hour) => sum + hour.crowd, 0);
  let come = 0;
  return hours.map((hour) => ({ from: hour.from, until: hour.until, share: (come += hour.crowd) / whole }));
}
