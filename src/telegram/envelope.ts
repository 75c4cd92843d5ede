import type { Instant } from '../core/glossary.ts';
import { readSeconds, secondsInWords } from '../core/telegram-errors.ts';
import type { TelegramError } from '../core/telegram-errors.ts';

/** An answer, judged by its form alone. */
export type Envelope =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: TelegramError }
  /** Not Telegram's: HTML, half a JSON, a status that contradicts the body. */
  | { readonly kind: 'none' };

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
}

const NONE: Envelope = { kind: 'none' };

/** `result` counts only under a 2xx, an error only under its own or the HTTP status 4xx or 5xx. */
export function readEnvelope({ status, body, header }: RawAnswer, now: Instant): Envelope {
  const json = parseJson(body);
  if (!isRecord(json)) return NONE;
  if (json['ok'] === true) return status >= 200 && status < 300 && 'result' in json ? { kind: 'result', result: json['result'] } : NONE;
  if (json['ok'] !== false) return NONE;
  const code = json['error_code'] ?? status;
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 400 || code > 599) return NONE;
  const description = typeof json['description'] === 'string' ? json['description'] : '';
  const asked = isRecord(json['parameters']) ? json['parameters']['retry_after'] : undefined;
  const retryAfterS = readSeconds([asked, readRetryAfter(header, now), secondsInWords(description)]);
  return { kind: 'error', error: { status: code, description, retryAfterS } };
}

/** The header `Retry-After` in seconds from now: it holds a number or a date. */
export function readRetryAfter(header: RawAnswer['header'], now: Instant): number | null {
  const text = header('retry-after');
  if (text === null) return null;
  const seconds = readSeconds([text]);
  if (seconds !== null) return seconds;
  return readSeconds([(Date.parse(text) - now) / 1000]);
}

/**
 * JSON whose whole numbers are exact: those beyond 2^53 come as their own text. Undefined for text that is no JSON. Ids fit 52 bits by Telegram's
 * word, but a wrong id would be another guest.
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

/** An id as decimal text; null for anything else, and for one that a double has already spoilt. */
export function readId(value: unknown): string | null {
  if (typeof value === 'string') return /^-?[1-9]\d{0,30}$/.test(value) ? value : null;
  return Number.isSafeInteger(value) && value !== 0 ? String(value) : null;
}
