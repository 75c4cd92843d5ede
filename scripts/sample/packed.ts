/** Windows' primary language ids, as Tillypad packs them. */
export const RUSSIAN = 25;
export const ENGLISH = 9;
export const GERMAN = 7;

/** Tillypad's packed multilingual text: U+0000, then per language its id, its length as two 16-bit halves, low half first, and the text. */
export function pack(texts: readonly (readonly [language: number, text: string])[]): string {
  return texts.reduce(
    (packed, [language, text]) => packed + String.fromCharCode(language, text.length & 0xffff, text.length >>> 16) + text,
    '\u0000',
  );
}
