import type { FileFinding } from '../ports/object-files.ts';
import type { DirectoryEntry } from './directory.ts';
import { readLanguages } from './languages.ts';
import type { Places } from './places.ts';
import { readWizard } from './read-wizard.ts';
import type { TextProblem } from './text-problem.ts';

/** Every text of every object: those in several languages whole, wizards by their grammar, a needed column not NULL. */
export function verifyTexts(entry: DirectoryEntry, places: Places): readonly FileFinding[] {
  return entry.datasets.flatMap(({ dataset: { columns, rows } }) =>
    rows.flatMap((row) =>
      columns.flatMap(({ name, type, nullable }, column) => {
        const cell = row[column];
        const at = places.ofCell(row, column);
        if (cell === null && !nullable)
          return [finding(entry, at, { code: 'null_not_allowed', at: 0, severity: 'fault', args: { column: name } })];
        if (type !== 'text' || typeof cell !== 'string') return [];
        if (readLanguages(cell) === 'broken')
          return [finding(entry, at, { code: 'languages_broken', at: 0, severity: 'fault', args: { column: name } })];
        return name.endsWith('_Wizard') ? readWizard(cell).problems.map((problem) => finding(entry, at, problem)) : [];
      }),
    ),
  );
}

/** A problem inside a text that begins at that byte. */
export function finding(entry: DirectoryEntry, textAt: number, { code, at, severity, args }: TextProblem): FileFinding {
  return { code, severity, offset: textAt + at * 2, object: entry.name, args };
}
