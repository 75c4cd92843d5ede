import { EXIT } from '../../core/exit-code.ts';
import type { Command } from '../command.ts';
import { readFirst } from '../site.ts';

/** `plan-sql`: the SQL that `install` would run, for whoever reads before they run or runs it by hand. Opens no database. */
export const planSql: Command = async (call) => {
  const { database, server } = readFirst(call, true);
  const sql = call.doors.planSql({ database: database ?? '', server });
  return { code: EXIT.done, text: sql, json: { schema: 1, command: 'plan-sql', exitCode: EXIT.done, sql } };
};
