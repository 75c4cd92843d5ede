/** A `%Name` of a script. */
export interface SqlParameter {
  readonly name: string;
  /** `Deleted` of `%StoreRequests.Deleted`. */
  readonly part: string | null;
  readonly at: number;
  /** Only in code does it certainly stand for a parameter. `quoted`: a string or a name that holds nothing else. */
  readonly within: 'code' | 'string' | 'quoted' | 'comment';
}

const TOKEN = /--|\/\*|['"[]|%[\p{L}_]/gu;
const PARAMETER = /%([\p{L}_][\p{L}\p{N}_]*)(?:\.([\p{L}_][\p{L}\p{N}_]*))?/gu;
const CLOSING: Readonly<Record<string, string>> = { "'": "'", '"': '"', '[': ']' };

/** Every `%Name` in the order of the text; what follows a `%` without a letter is none. */
export function readSqlParameters(sql: string): readonly SqlParameter[] {
  const found: SqlParameter[] = [];
  const scan = new RegExp(TOKEN);
  for (let token = scan.exec(sql); token !== null; token = scan.exec(sql)) {
    const from = token.index;
    scan.lastIndex = endOf(sql, token[0], from);
    const text = sql.slice(from, scan.lastIndex);
    const within = text.startsWith('%')
      ? 'code'
      : text.startsWith('-') || text.startsWith('/')
        ? 'comment'
        : isNothingElse(text)
          ? 'quoted'
          : 'string';
    for (const parameter of parametersIn(text, { from, within })) found.push(parameter);
  }
  return found;
}

function endOf(sql: string, token: string, from: number): number {
  if (token.startsWith('%')) return from + (matchAt(sql, from)?.[0].length ?? 1);
  if (token === '/*') return endOfComment(sql, from);
  if (token === '--') {
    const end = sql.slice(from).search(/[\r\n]/);
    return end < 0 ? sql.length : from + end;
  }
  return endOfQuoted(sql, from, CLOSING[token]!);
}

/** A doubled closing sign is part of what it closes. */
function endOfQuoted(sql: string, from: number, closing: string): number {
  for (let at = from + 1; ; at += 2) {
    at = sql.indexOf(closing, at);
    if (at < 0) return sql.length;
    if (sql[at + 1] !== closing) return at + 1;
  }
}

function matchAt(sql: string, at: number): RegExpExecArray | null {
  const here = new RegExp(PARAMETER, 'uy');
  here.lastIndex = at;
  return here.exec(sql);
}

function parametersIn(text: string, { from, within }: { readonly from: number; readonly within: SqlParameter['within'] }): SqlParameter[] {
  return [...text.matchAll(PARAMETER)].map((match) => ({ name: match[1]!, part: match[2] ?? null, at: from + match.index, within }));
}

function isNothingElse(quoted: string): boolean {
  return quoted.length < 200 && /^['"[]%[\p{L}_][\p{L}\p{N}_]*['"\]]$/u.test(quoted);
}

/** Comments of T-SQL nest. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from + 2;
  for (let depth = 1; depth > 0;) {
    const next = mark.exec(sql);
    if (next === null) return sql.length;
    depth += next[0] === '/*' ? 1 : -1;
  }
  return mark.lastIndex;
}
