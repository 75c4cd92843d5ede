import type { FileFinding } from '../ports/object-files.ts';
import type { DirectoryEntry } from './directory.ts';
import { readLanguages } from './languages.ts';
import { placeOfCell } from './places.ts';
import { readWizard } from './read-wizard.ts';
import type { TextProblem } from './text-problem.ts';

/** Every text of every object: those in several languages whole, wizards by their grammar, a needed column not NULL. */
export function* verifyTexts(entry: DirectoryEntry): Generator<FileFinding> {
  for (const { dataset } of entry.datasets) {
    let index = -1;
    for (const row of dataset.rows) {
      index += 1;
      for (const [column, { name, type, nullable }] of dataset.columns.entries()) {
        const cell = row[column];
        const place = (): number => placeOfCell(dataset.rows, index, column);
        const find = (code: string): FileFinding => finding(entry, place(), { code, at: 0, severity: 'fault', args: { column: name } });
        if (cell === null && !nullable) yield find('null_not_allowed');
        else if (type !== 'text' || typeof cell !== 'string') continue;
        else if (readLanguages(cell) === 'broken') yield find('languages_broken');
        else if (name.endsWith('_Wizard')) for (const problem of readWizard(cell).problems) yield finding(entry, place(), problem);
      }
    }
  }
}

/** A problem inside a text that begins at that byte. */
export function finding(entry: DirectoryEntry, textAt: number, { code, at, severity, args }: TextProblem): FileFinding {
  return { code, severity, offset: textAt + at * 2, object: entry.name, args };
}
