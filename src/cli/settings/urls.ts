import * as z from 'zod';
import { refuse } from './values.ts';
import { isToken } from './token.ts';
import type { SecretCheck } from './notes.ts';

const PROXY_SCHEMES = ['http', 'https', 'socks5', 'socks5h'];

function readUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** The root of a Bot API, without a slash at its end. What is wrong with it isn't echoed: people paste whole request addresses, token and all. */
export const apiRoot = z
  .string()
  .meta({ examples: ['https://api.telegram.org'] })
  .transform((written, context): string => {
    const url = readUrl(written.trim());
    if (url === null || !/^https?:$/.test(url.protocol) || url.host === '') return refuse(context, 'bad_url');
    if (url.username !== '' || url.password !== '') return refuse(context, 'url_with_credentials');
    if (/bot\d+:|\d{5,}(?::|%3a)[\w-]{20,}/i.test(url.href)) return refuse(context, 'url_with_token');
    if (url.search !== '' || url.hash !== '') return refuse(context, 'bad_url');
    return url.href.replace(/\/+$/, '');
  });

export const checkProxy: SecretCheck = (text) => {
  const url = readUrl(text);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme !== undefined && !PROXY_SCHEMES.includes(scheme.toLowerCase()))
    return { code: 'proxy_scheme', args: { scheme: scheme.slice(0, 20), known: PROXY_SCHEMES.join(', ') } };
  if (url === null || scheme === undefined || url.hostname === '') return { code: 'bad_proxy' };
  return /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '' ? null : { code: 'bad_proxy' };
};

export const checkToken: SecretCheck = (text) => (isToken(text) ? null : { code: 'bad_token' });

/** Keys and tokens of SMS gateways have no common shape; they are one word. */
export const checkKey: SecretCheck = (text) => (/^\S{4,512}$/.test(text) ? null : { code: 'bad_key' });
