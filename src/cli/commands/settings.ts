import { EXIT } from '../../core/exit-code.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../ports/database.ts';
import type { Command, CommandCall } from '../command.ts';
import type { StoredParameters } from '../doors.ts';
import { CommandProblem, SettingsRefused } from '../problem.ts';
import { renderFailure } from '../render/failure.ts';
import { renderSettings } from '../render/settings.ts';
import { settingsJsonSchema } from '../settings/json-schema.ts';
import { resolveTasks } from '../settings/load.ts';
import type { FirstSettings, ProgramSettings } from '../settings/load.ts';
import { nearest } from '../settings/nearest.ts';
import { shownSettings } from '../settings/show.ts';
import { taskIdOf } from '../settings/task-id.ts';
import { readFirst } from '../site.ts';

/** `settings show`: every effective value and where it comes from; secrets masked. Works without a database too, then without task parameters. */
export const showSettings: Command = async (call) => {
  const first = readFirst(call, false);
  const { parameters, unread } = await readParameters(call, first);
  const settings = resolveTasks(first, { parameters, requireToken: false });
  if (!settings.ok) throw new SettingsRefused(settings);
  const taskId = chooseTask(settings, call.flags['task']);
  const tasks = settings.tasks.filter((task) => taskId === null || task.id === taskId);
  const language = call.flags['language'] === undefined ? first.language : call.language;
  const shown = {
    file: settings.file,
    settings: shownSettings(settings, taskId),
    problems: settings.unread,
    findings: [...settings.findings, ...tasks.flatMap((task) => task.findings)],
  };
  const notes = unread === null ? [] : [renderFailure(unread, language).text];
  return {
    code: EXIT.done,
    text: renderSettings({ ...shown, notes }, language),
    json: { schema: 1, command: 'settings show', exitCode: EXIT.done, ...shown, parametersRead: unread === null },
  };
};

/** `settings schema`: the JSON Schema of the settings file, in either output form. */
export const settingsSchema: Command = async () => {
  const schema = settingsJsonSchema();
  return { code: EXIT.done, text: JSON.stringify(schema, null, 2), json: schema };
};

async function readParameters(
  call: CommandCall,
  { database, server }: Pick<FirstSettings, 'database' | 'server'>,
): Promise<{ readonly parameters: readonly StoredParameters[]; readonly unread: Error | null }> {
  if (database === null) return { parameters: [], unread: null };
  try {
    return { parameters: await call.doors.readParameters({ database, server }), unread: null };
  } catch (error) {
    if (error instanceof DatabaseUnavailable || error instanceof SchemaMismatch) return { parameters: [], unread: error };
    throw error;
  }
}

function chooseTask(settings: ProgramSettings, wanted: unknown): string | null {
  if (typeof wanted !== 'string') return null;
  const id = taskIdOf(wanted);
  const ids = settings.tasks.map((task) => task.id);
  if (id !== null && ids.includes(id)) return id;
  throw new CommandProblem(EXIT.usage, [
    { code: 'task_unknown', args: { task: wanted.slice(0, 60), nearest: nearest(wanted, ids) ?? '', known: ids.join(', ') } },
  ]);
}
