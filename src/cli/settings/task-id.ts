import type { TaskId } from '../../core/glossary.ts';

const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/**
 * A task's id as the program compares it: Tillypad's GUIDs in lower case, names as written. Null for what can't be a task's name. Latin letters only:
 * the ledger on SQL Server keeps ids in a column where all other letters would become the same question mark.
 */
export function taskIdOf(written: string): TaskId | null {
  const text = written.trim();
  const [, guid] = GUID.exec(text) ?? [];
  if (guid !== undefined) return guid.toLowerCase();
  return /^[a-z\d][\w.-]{0,63}$/i.test(text) ? text : null;
}
