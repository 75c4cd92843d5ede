export type Scrub = (text: string) => string;

/** More than a person reads of one mishap. */
const LONGEST = 300;
const MASK = '***';
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
/** Credentials, paths and queries of addresses are where secrets travel, so only scheme, host and port are left of an address. */
const ADDRESS = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/@]*@)?([^\s/?#"'<>]*)[^\s"'<>]*/gi;

/**
 * The one door through which foreign words leave an adapter: one line of at most 300 characters in which no secret is left, however it was
 * spelt for the wire. Secrets of one to three characters are masked as whole words only, or they would mask half of every text.
 */
export function createScrubber(secrets: readonly string[]): Scrub {
  const forms = [...new Set(secrets.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  const pattern = forms.length === 0 ? null : new RegExp(forms.map(toPattern).join('|'), 'giu');
  return (text) => {
    const bare = text.replace(ADDRESS, '$1$2');
    const masked = pattern === null ? bare : bare.replace(pattern, MASK);
    const line = masked.replace(CONTROL, ' ').trim();
    return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  };
}

/** What of a proxy's address must not be shown: name and password, each alone and as they stand in the header. */
export function secretsOfProxy(proxy: string | null): readonly string[] {
  if (proxy === null || !URL.canParse(proxy)) return [];
  const { username, password } = new URL(proxy);
  if (username === '' && password === '') return [];
  const [name, word] = [decode(username), decode(password)];
  return [proxy, username, password, name, word, Buffer.from(`${name}:${word}`).toString('base64')].filter((secret) => secret !== '');
}

/** Percent-decoded where that is possible, else as it stands. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As it is, in addresses, in forms, in JSON, and in JSON told in JSON. */
function spellings(secret: string): readonly string[] {
  if (secret === '') return [];
  const whole = secret.toWellFormed();
  const quoted = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams({ '': whole }).toString().slice(1);
  return [secret, encodeURIComponent(whole), encodeURI(whole), form, quoted, JSON.stringify(quoted).slice(1, -1)];
}

function toPattern(form: string): string {
  const escaped = form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return form.length < 4 ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
