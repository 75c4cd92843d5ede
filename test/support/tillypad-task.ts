import type { DatabaseSync } from 'node:sqlite';

import { openConnection } from '../../src/sqlite/connection.ts';
import { readTaskLog } from '../../src/sqlite/read-log.ts';
import { TASK_MESSAGES } from '../../src/cli/render/task-message.ts';

/** A task of Tillypad as its script does things on SQL Server: saves its parameters, leaves a word, takes what its log is to say. */
export interface TillypadTask {
  /** An operation fires it; answers the new lines of its log. */
  fire(parameters?: Readonly<Record<string, string>>): readonly string[];
  /** All lines so far. */
  readonly log: readonly string[];
}

export function tillypadTask(of: {
  readonly taskId: string;
  readonly botId: string;
  readonly file: string;
  readonly database: DatabaseSync;
  readonly clock: { now(): number };
}): TillypadTask {
  const { taskId, botId, file, database, clock } = of;
  const log: string[] = [];
  const newest = database.prepare('select version, parameters from task_parameters where task_id = ? order by version desc limit 1');
  const save = database.prepare('insert into task_parameters (task_id, version, saved_utc, parameters) values (?, ?, ?, ?)');
  const wake = database.prepare("insert into wake (bot_id, task_id, kind, made_utc) values (?, ?, 'event', ?)");
  return {
    log,
    fire: (parameters) => {
      const known = newest.get(taskId);
      const text = parameters === undefined ? known?.['parameters'] : JSON.stringify(parameters);
      if (text !== undefined && text !== known?.['parameters']) save.run(taskId, Number(known?.['version'] ?? 0) + 1, clock.now(), text);
      wake.run(botId, taskId, clock.now());
      const connection = openConnection({ file });
      try {
        const lines = readTaskLog(connection, { taskId, now: clock.now(), unreadText: TASK_MESSAGES.word_unread.ru });
        log.push(...lines);
        return lines;
      } finally {
        connection.close();
      }
    },
  };
}
