/** One place for how a text is written where others read it: T-SQL, a command line of Windows, cmd's prompt, XML, a systemd unit. */

/**
 * An `nvarchar` expression of pure ASCII. What isn't plain goes as UTF-16 bytes, so that no code page, collation or encoding of the script can
 * change it; `$` too, as sqlcmd would read `$(…)` as a variable of its own.
 */
export function tsqlText(text: string): string {
  const parts = text.match(/[ !"#%-~]+|[^ !"#%-~]+/gu) ?? [];
  if (parts.length === 0) return "N''";
  const written = parts.map((part) => (/^[ -~]/u.test(part) && !part.startsWith('$') ? `N'${part.replaceAll("'", "''")}'` : utf16(part)));
  return written.join(' + ');
}

function utf16(text: string): string {
  const bytes = Buffer.from(text, 'utf16le');
  return `CAST(0x${bytes.toString('hex').toUpperCase()} AS nvarchar(${bytes.length / 2}))`;
}

/** One argument as `CommandLineToArgvW` and the C runtime read it back. */
export function windowsWord(text: string): string {
  return /^[\w\-.:\\/+=@]+$/u.test(text) ? text : quoted(text);
}

/** The same typed at cmd's prompt, where `%NAME%` is replaced even between quotation marks: each percent sign stands outside them, after a caret. */
export function cmdWord(text: string): string {
  return text.includes('%') ? text.split('%').map(quoted).join('^%') : windowsWord(text);
}

/** Backslashes count only before a quotation mark. */
function quoted(text: string): string {
  return `"${text.replaceAll(/(\\*)"/gu, '$1$1\\"').replace(/\\+$/u, '$&$&')}"`;
}

/** A literal of PowerShell: nothing in it is replaced. */
export function powershellText(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201A\u201B]/gu, '$&$&')}'`;
}

/** Text or attribute of an XML file that is pure ASCII and so reads alike in every encoding. */
export function xmlText(text: string): string {
  return [...text]
    .map((letter) => (/[ !#-%(-;=?-~]/u.test(letter) ? letter : `&#x${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()};`))
    .join('');
}

/** One argument of ExecStart. `%` would begin a specifier and `$` a variable; the program's own path knows no variables. */
export function systemdWord(text: string, place: 'program' | 'argument' = 'argument'): string {
  const escaped = text
    .replaceAll(/["\\]/gu, String.raw`\$&`)
    .replaceAll('%', '%%')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`);
  return `"${place === 'program' ? escaped : escaped.replaceAll('$', '$$$$')}"`;
}
