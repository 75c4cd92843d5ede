import type { TaskSettings } from '../core/settings.ts';

/** The restaurant's zone of these tasks; the host's where there are none. */
export function zoneOf(tasks: readonly Pick<TaskSettings, 'zone'>[]): string {
  return tasks[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
