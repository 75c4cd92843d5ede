import type { TaskId } from '../../core/glossary.ts';
import type { ProgramSettings } from './load.ts';
import { sourceText, type Source } from './problem.ts';

/** One line of `settings show`; for JSON too. */
export interface ShownSetting {
  /** Null for what holds for the whole program. */
  readonly taskId: TaskId | null;
  readonly path: string;
  /** Asterisks for a secret; null when it is not set. */
  readonly value: string | null;
  readonly from: Source['from'];
  /** `file:line:column`, the variable, the flag or the parameter; empty for a default. */
  readonly place: string;
}

/** Every effective value with its source: the program's own, then each task's, or only the named task's. */
export function shownSettings(settings: ProgramSettings, taskId: TaskId | null = null): readonly ShownSetting[] {
  return settings.effective
    .filter((value) => taskId === null || value.taskId === null || value.taskId === taskId)
    .map((value) => ({
      taskId: value.taskId,
      path: value.path,
      value: value.shown,
      from: value.source.from,
      place: sourceText(value.source),
    }));
}
