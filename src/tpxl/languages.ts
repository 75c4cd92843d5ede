/** One language of a text that holds several; `id` is Windows' primary language: 25 Russian, 9 English, 7 German, 34 Ukrainian. */
export interface LanguageText {
  readonly id: number;
  readonly text: string;
}

/** Id, and the length in two units. */
const HEAD = 3;

/**
 * The languages of a packed text: U+0000, then for each its id, its length in units (two units, low half first) and its units. Null for
 * a plain text; `broken` where a packed one ends before it should.
 */
export function readLanguages(value: string): readonly LanguageText[] | 'broken' | null {
  if (value.charCodeAt(0) !== 0) return null;
  const languages: LanguageText[] = [];
  for (let at = 1; at < value.length;) {
    const length = value.charCodeAt(at + 1) + value.charCodeAt(at + 2) * 0x1_0000;
    const end = at + HEAD + length;
    // Where the head itself is cut, the length is NaN and fails the comparison.
    if (!(end <= value.length)) return 'broken';
    languages.push({ id: value.charCodeAt(at), text: value.slice(at + HEAD, end) });
    at = end;
  }
  return languages;
}

export function writeLanguages(languages: readonly LanguageText[]): string {
  return `\u0000${languages
    .map(({ id, text }) => String.fromCharCode(id, text.length % 0x1_0000, Math.floor(text.length / 0x1_0000)) + text)
    .join('')}`;
}
