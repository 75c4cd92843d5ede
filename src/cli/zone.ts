import type { Instant, WallTime } from '../core/glossary.ts';
import type { TaskSettings } from '../core/settings.ts';
import { wallAt, wallToMs } from '../core/wall-time.ts';

/** The restaurant's zone of these tasks; the host's where there are none. */
export function zoneOf(tasks: readonly Pick<TaskSettings, 'zone'>[]): string {
  return tasks[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The instant when a clock of that zone shows `wall`. Shown twice (autumn): one of the two; leapt over (spring): at most an hour beside. */
export function instantOf(wall: WallTime, zone: string): Instant {
  const asUtc = wallToMs(wall);
  const first = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(first, zone);
}

function offsetAt(at: Instant, zone: string): number {
  return wallToMs(wallAt(at, zone)) - at;
}
