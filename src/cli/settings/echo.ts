const TOKEN_LIKE = /\d{5,}:[\w-]{20,}/g;
const KEY_LIKE = /(?=[\w+/=-]*\d)[\w+=-]{24,}/g;
const CREDENTIALS = /\/\/[^\s/]*@/g;
const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;
const LONGEST = 60;

/**
 * What a person wrote, fit to be shown back: one line, not too long, and nothing that looks like a token, a key or a password, because
 * secrets get pasted into the wrong line too.
 */
export function echo(written: unknown, longest: number = LONGEST): string {
  const whole = typeof written === 'string' ? written : (JSON.stringify(written) ?? String(written));
  const text = whole
    .slice(0, 500)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  const safe = GUID.test(text) ? text : text.replace(TOKEN_LIKE, '***').replace(CREDENTIALS, '//***@').replace(KEY_LIKE, '***');
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}

/** The same for a key: where a space after the colon is missing, a key holds its value, so only its first word is shown. */
export function echoKey(key: string): string {
  const [word = ''] = /^[\p{L}\p{N}_.{}-]*/u.exec(key) ?? [];
  return word === key ? echo(key) : `${echo(word)}…`;
}
