import type { FileFinding } from '../ports/object-files.ts';
import type { DirectoryEntry } from './directory.ts';
import { readEvents } from './events.ts';
import { TASK_TYPE } from './kinds.ts';
import { placeOfCell } from './places.ts';
import { readWizard } from './read-wizard.ts';
import { checkSqlParameters } from './check-parameters.ts';
import { checkWizard } from './check-wizard.ts';
import { readSqlParameters } from './sql-parameters.ts';
import { finding } from './verify-texts.ts';

/** What a task type's texts say of each other: the parameters of the script, what the wizard gives, the tables of its events. */
export function verifyTaskType(entry: DirectoryEntry): readonly FileFinding[] {
  const dataset = entry.datasets.find(({ name }) => name === TASK_TYPE.mainTable)?.dataset;
  const row = dataset?.rows.at(0);
  if (dataset === undefined || row === undefined) return [];
  const textOf = (name: string): { readonly text: string | null; readonly at: number } => {
    const column = dataset.columns.findIndex((one) => one.name === name);
    const cell = row[column];
    return { text: typeof cell === 'string' ? cell : null, at: placeOfCell(dataset.rows, 0, column) };
  };
  const sql = textOf('tstp_SQL');
  const wizardText = textOf('tstp_Wizard');
  const events = textOf('tstp_Events');
  const { wizard } = wizardText.text === null ? { wizard: null } : readWizard(wizardText.text);
  const used = readSqlParameters(sql.text ?? '');
  // A wizard that can't be read says nothing of its parameters; its grammar is found elsewhere.
  const comparable = wizardText.text === null || wizard !== null;
  return [
    ...(wizard === null ? [] : checkWizard(wizard, used).map((problem) => finding(entry, wizardText.at, problem))),
    ...(comparable ? checkSqlParameters(used, wizard) : []).map((problem) => finding(entry, sql.at, problem)),
    ...(events.text === null ? [] : readEvents(events.text).problems.map((problem) => finding(entry, events.at, problem))),
  ];
}
