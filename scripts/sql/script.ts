import { readFileSync, readdirSync } from 'node:fs';
import { toAscii } from './ascii.ts';

/** The former solution's name, under which administrators look for it. */
export const SCRIPT_NAME = 'ScriptForTelegram_ClientOperations.sql';

const ROOT = new URL('../../sql/sql-server/', import.meta.url);

/** What the filtered indexes and the procedures want, whoever runs the script: sqlcmd begins with QUOTED_IDENTIFIER OFF. */
const OPTIONS = `SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
`;
/** A failed batch has rolled everything back: what follows is read and not executed. */
const STOP = `IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
`;

/** A window that was stopped in the middle may still be told to execute nothing. */
const AWAKE = `SET NOEXEC OFF;
GO
`;
/** After the transaction each file stands by itself; the script's last word is said only when nothing failed. */
const STOP_AFTERWARDS = `IF @@ERROR <> 0 SET NOEXEC ON;
GO
`;

/** Whatever stopped the script, the window it ran in is left without a transaction. */
const REST = `SET NOEXEC OFF;
GO
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO
`;

/**
 * The script's parts in their order; the first block is one transaction. What Tillypad's task calls is not in it: a till that calls a procedure
 * while it is altered waits for the end of that transaction.
 */
const IN_TRANSACTION = ['script/begin.sql', 'ledger/*', 'tillypad/*', 'procedures/*', 'roles.sql', 'script/commit.sql'];
const AFTERWARDS = ['task/*', 'task_rights.sql', 'script/version.sql', 'script/end.sql'];

/** The whole script, in ASCII, batches ended by GO. */
export function buildScript(): string {
  const parts = [AWAKE, ...IN_TRANSACTION.flatMap(find).map(partInTransaction), ...AFTERWARDS.flatMap(find).map(partAfterwards), REST];
  return toAscii(parts.join('\n'));
}

function find(pattern: string): readonly string[] {
  if (!pattern.endsWith('/*')) return [pattern];
  const folder = pattern.slice(0, -2);
  return readdirSync(new URL(`${folder}/`, ROOT))
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

function part(file: string): string {
  const text = readFileSync(new URL(file, ROOT), 'utf8').trimEnd();
  const ended = /^GO$/mu.test(text.slice(text.lastIndexOf('\n') + 1)) ? text : `${text}\nGO`;
  return `PRINT N'${file}';\nGO\n${OPTIONS}${ended}\n`;
}

function partAfterwards(file: string): string {
  return part(file).replaceAll(/^GO\n/gmu, `GO\n${STOP_AFTERWARDS}`);
}

/** After each batch the script looks whether the transaction still stands; the last batch ends it. */
function partInTransaction(file: string): string {
  const text = part(file);
  if (file === 'script/commit.sql') return partAfterwards(file);
  if (file === 'script/begin.sql') return `${text}${STOP}`;
  return text.replaceAll(/^GO\n/gmu, `GO\n${STOP}`);
}
