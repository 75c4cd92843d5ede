import type { Instant } from '../core/glossary.ts';
import { readSeconds } from '../core/retry-after.ts';
import type { Exchange } from './call.ts';

export type WholeAnswer = Extract<Exchange, { kind: 'answer' }>;
type Unknown = Extract<Exchange, { kind: 'unknown' }>;

/** The header `Retry-After` in seconds from now: it holds a number or a date. */
export function readRetryAfter(header: WholeAnswer['header'], now: Instant): number | null {
  const text = header('retry-after');
  if (text === null) return null;
  const seconds = readSeconds([text]);
  if (seconds !== null) return seconds;
  return readSeconds([(Date.parse(text) - now) / 1000]);
}

/**
 * JSON whose whole numbers are exact: those beyond 2^53 come as their own text. Undefined for text that is no JSON. A rounded id would be
 * somebody else's.
 */
export function parseJson(text: string): unknown {
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, keepExact) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `source` is the number's own text; it is younger than the types of the language. */
function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isRounded && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An answer that isn't the asked one's came from something in between: a proxy, a shield, a captive portal. Whether it passed the request on is its
 * secret, also under a 3xx or 4xx (some refuse the *answer*), so what was sent stays in doubt. Two statuses say by their meaning that the request
 * went no further: 407 and 429.
 */
export function judgeForeign(status: number): 'unreachable' | 'limited' | 'server' | 'unreadable' {
  if (status === 407) return 'unreachable';
  if (status === 429) return 'limited';
  return status >= 500 ? 'server' : 'unreadable';
}

/** Of half an answer the status has come whole: a 5xx is one, with or without its page. */
export function doubtOf({ why, status }: Unknown): 'timeout' | 'cut' | 'server' | 'unreadable' {
  if (why === 'timeout' || status === null) return why;
  return status >= 500 ? 'server' : 'unreadable';
}

/** A redirect's goal tells whose portal it is; the body is nobody's word and stays out. */
export function describeForeign({ status, header }: WholeAnswer): string {
  const goal = status >= 300 && status < 400 ? header('location') : null;
  return goal === null ? `HTTP ${status}` : `HTTP ${status} to ${goal}`;
}
