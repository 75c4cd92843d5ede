const TOKEN_LIKE = /\d{5,}:[\w-]{20,}/g;
const KEY_LIKE = /(?=[\w+/=-]*\d)[\w+=-]{24,}/g;
const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;
const LONGEST = 60;

/**
 * What a person wrote, fit to be shown back: one line, not too long, and nothing that looks like a token or a key, because secrets get
 * pasted into the wrong line too.
 */
export function echo(written: unknown, longest: number = LONGEST): string {
  const whole = typeof written === 'string' ? written : (JSON.stringify(written) ?? String(written));
  const text = whole.slice(0, 500).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const safe = GUID.test(text) ? text : text.replace(TOKEN_LIKE, '***').replace(KEY_LIKE, '***');
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}
