import type { TaskId } from '../core/glossary.ts';

export interface TaskMessage {
  /** `*` = every task there is: what went wrong before the program knew its tasks. */
  readonly taskId: TaskId;
  /** At most 100 characters; one cause of one task is told once for as long as it goes on. */
  readonly cause: string;
  /** For people, at most 2,000 characters; the one that came last stands until it is told. */
  readonly text: string;
  /** How long the cause must go on before it is told; 0 = at once, and even when it is over by then. */
  readonly patienceMs: number;
}

export interface TaskMessages {
  /** Causes that were met just now. */
  readonly messages: readonly TaskMessage[];
  /** Tasks of which all was looked at: their causes that `messages` doesn't name are over. `*` stands for what concerns all; empty when a run didn't come so far. */
  readonly complete: readonly TaskId[];
}

/**
 * What the log of Tillypad's task is to say. The run writes it here, and Tillypad's task takes it from here when it fires next
 * (`tgn_task.read_log`), as a program of ours has no way into that log.
 */
export interface TaskLog {
  /** One transaction; needs no lock. A cause that comes back within the hour goes on, unless it has patience. */
  saveTaskMessages(request: TaskMessages): Promise<void>;
}
