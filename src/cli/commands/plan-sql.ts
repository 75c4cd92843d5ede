import { EXIT } from '../../core/exit-code.ts';
import type { Command, CommandCall } from '../command.ts';
import { NOTE_TYPE, noteTypesOf, readSite } from '../site.ts';

/** `plan-sql`: the SQL that `install` would run, for whoever reads before they run or runs it by hand. Opens no database and makes no key. */
export const planSql: Command = async (call) => {
  const { place, keyPath, tasks } = readSite(call);
  const named = noteTypesOf(tasks);
  const sql = await call.doors.planSql(place, {
    keyFingerprint: findKey(call, keyPath),
    noteTypes: named.length === 0 ? [NOTE_TYPE] : named,
  });
  return { code: EXIT.done, text: sql, json: { schema: 1, command: 'plan-sql', exitCode: EXIT.done, sql } };
};

/** Null where `install` hasn't made it yet; what else is wrong with it is told by whoever needs it. */
function findKey({ doors }: CommandCall, path: string): string | null {
  try {
    return doors.openKeyring(path).fingerprint;
  } catch (error) {
    if (error instanceof Error && error.name === 'KeyringProblem') return null;
    throw error;
  }
}
