/** What stands in a column: SQLite lets any value into any of them, and an administrator's view may give others than ours. */
export type Stored = string | number | bigint | Uint8Array | null;

/** As text; bytes, which are nobody's word, are none. */
export function textOf(stored: Stored): string | null {
  if (stored === null || typeof stored === 'string') return stored;
  return typeof stored === 'object' ? null : String(stored);
}

/** A whole number from its text; null for a fraction, an overflow that became a double, and whatever else is no whole number. */
export function wholeOf(text: string | null): bigint | null {
  return text !== null && /^-?\d{1,19}$/.test(text) ? BigInt(text) : null;
}
