import type { ExitCode } from '../core/exit-code.ts';
import type { Language } from '../core/glossary.ts';
import type { Doors, Terminal } from './doors.ts';

/** What every command gets. `flags` are commander's parsed options, not yet trusted. */
export interface CommandCall {
  readonly doors: Doors;
  readonly terminal: Terminal;
  readonly language: Language;
  /** Says in which language failures are told from now on: the settings are read late. */
  readonly speak: (language: Language) => void;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

/** What every command answers: a value to be shown as text or as JSON, and the exit code. */
export interface CommandResult {
  readonly code: ExitCode;
  /** Rendered for people in the call's language. */
  readonly text: string;
  /** The same for programs. */
  readonly json: unknown;
}

/** One verb, one file; the function computes and returns, only `program.ts` prints. */
export type Command = (call: CommandCall) => Promise<CommandResult>;
