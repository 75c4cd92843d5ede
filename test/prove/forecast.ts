import type { Chapter, ProveWish } from './chapter.ts';
import { msEachOf } from './speeds.ts';

export interface Forecast {
  readonly lanes: number;
  readonly hours: number;
}

/** What is left to do, how long it takes in full, and whether the time is enough. */
export function forecast(chapters: readonly Chapter[], wish: ProveWish, { lanes, hours }: Forecast): readonly string[] {
  const all = chapters.map((chapter) => {
    const { done, of } = chapter.reach(wish);
    const { ms, measured } = msEachOf(chapter, wish);
    const minutes = (Math.max(0, of - done) * ms) / 60_000;
    const speed = `${perMinute(60_000 / ms)} a minute ${measured ? 'as measured here' : 'as on two processors elsewhere'}`;
    return {
      minutes,
      line: `  ${chapter.name}: ${done} of ${of} ${chapter.unit} done, ${speed}: ${minutes.toFixed(1)} min of one processor to go`,
    };
  });
  const sum = all.reduce((minutes, one) => minutes + one.minutes, 0);
  const longest = Math.max(0, ...all.map(({ minutes }) => minutes));
  const whole = Math.max(sum / lanes, longest);
  const enough = whole <= hours * 60 ? 'enough for all of it' : 'each gets its share, and the table says how far it came';
  return [
    'forecast:',
    ...all.map(({ line }) => line),
    `  in full ${(whole / 60).toFixed(1)} h with ${lanes} at once; given are ${hours} h: ${enough}`,
  ];
}

function perMinute(speed: number): string {
  return speed >= 10 ? speed.toFixed(0) : speed.toFixed(1);
}
