import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../sql/sql-server/', import.meta.url);

export interface SqlFile {
  /** From sql/sql-server. */
  readonly name: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  /** Without comments and literals. */
  readonly bare: string;
}

/** The files of a folder of sql/sql-server, without their comments too. */
export function sqlFiles(folder: string): readonly SqlFile[] {
  return readdirSync(new URL(`${folder}/`, ROOT))
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readSqlFile(`${folder}/${name}`));
}

export function readSqlFile(name: string): SqlFile {
  const text = readFileSync(new URL(name, ROOT), 'utf8');
  const code = withoutComments(text);
  return { name, text, code, bare: code.replaceAll(/N?'(?:[^']|'')*'/gu, "''") };
}

/** Comments go, literals stay: a literal may hold two hyphens. */
function withoutComments(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//gu, (piece) => (piece.startsWith("'") ? piece : ''));
}
