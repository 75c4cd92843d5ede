const MARKS: Readonly<Record<string, string>> = { '«': '"', '»': '"', '–': '-', '—': '-', '…': '...', '’': "'" };

/**
 * T-SQL in pure ASCII: whatever code page an editor or sqlcmd takes a file for, the same script runs. In literals N'…' other characters become
 * NCHAR(…); in comments typographic marks become plain ones. Throws for any other character outside a literal.
 */
export function toAscii(sql: string): string {
  // Comments and literals, whichever begins first.
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|N?'(?:[^']|'')*'|\P{ASCII}/gu, (piece) => {
    if (/^\p{ASCII}*$/u.test(piece)) return piece;
    if (piece.startsWith('--') || piece.startsWith('/*')) return plainComment(piece);
    if (piece.startsWith("N'")) return asciiLiteral(piece);
    throw new RangeError(`neither in a comment nor in a literal N'…': ${JSON.stringify(piece.slice(0, 60))}`);
  });
}

function plainComment(comment: string): string {
  return comment.replaceAll(/\P{ASCII}/gu, (character) => {
    const plain = MARKS[character];
    if (plain === undefined) throw new RangeError(`a comment of the script holds ${JSON.stringify(character)}`);
    return plain;
  });
}

function asciiLiteral(literal: string): string {
  const inner = literal.slice(2, -1);
  const parts = [...inner.matchAll(/\p{ASCII}+|\P{ASCII}+/gu)].map(([part]) => (/^\p{ASCII}/u.test(part) ? `N'${part}'` : unicode(part)));
  return parts.length === 1 ? (parts[0] ?? "N''") : `(${parts.join(' + ')})`;
}

function unicode(part: string): string {
  return Array.from({ length: part.length }, (_none, index) => `NCHAR(${part.charCodeAt(index)})`).join(' + ');
}
