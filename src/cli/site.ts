import type { BotId, Language } from '../core/glossary.ts';
import type { TaskSettings } from '../core/settings.ts';
import type { CommandCall } from './command.ts';
import type { DatabasePlace, LogSettings } from './doors.ts';

/** The tasks of one bot. */
export interface BotTasks {
  readonly botId: BotId;
  readonly tasks: readonly TaskSettings[];
}

/** The settings as a command uses them: parsed, checked, with the files beside them. */
export interface Site {
  readonly language: Language;
  readonly place: DatabasePlace;
  readonly keyPath: string;
  readonly memoryPath: string;
  readonly log: LogSettings;
  /** All tasks, or the one that `--task` names. */
  readonly tasks: readonly TaskSettings[];
  /** All tasks of the bots that `tasks` belong to; empty where no task has a token and the command can do without. */
  readonly bots: readonly BotTasks[];
}

export type OpenSite = (call: CommandCall, need: { readonly token: boolean }) => Promise<Site>;
