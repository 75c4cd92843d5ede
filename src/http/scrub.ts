import { createMask } from '../core/hide-secrets.ts';

export type Scrub = (text: string) => string;

/** More than a person reads of one mishap. */
const LONGEST = 300;
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
/** Credentials, paths and queries of addresses are where secrets travel, so only scheme, host and port are left of an address. */
const ADDRESS = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/@]*@)?([^\s/?#"'<>]*)[^\s"'<>]*/gi;

/**
 * The one door through which foreign words leave an adapter: one line of at most 300 characters in which no secret is left.
 */
export function createScrubber(secrets: readonly string[]): Scrub {
  const mask = createMask(secrets);
  return (text) => {
    const line = mask(text.replace(ADDRESS, '$1$2')).replace(CONTROL, ' ').trim();
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
