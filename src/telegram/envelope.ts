import type { Instant } from '../core/glossary.ts';
import { readSeconds } from '../core/retry-after.ts';
import { secondsInWords } from '../core/telegram-errors.ts';
import type { TelegramError } from '../core/telegram-errors.ts';
import { isRecord, parseJson, readRetryAfter } from '../http/answer.ts';
import type { WholeAnswer } from '../http/answer.ts';

/** An answer, judged by its form alone. */
export type Envelope =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: TelegramError }
  /** A yes under a status that says no: what of it is true can't be known. */
  | { readonly kind: 'contradiction' }
  /** Not Telegram's: HTML, half a JSON, a status that contradicts the body. */
  | { readonly kind: 'none' };

const NONE: Envelope = { kind: 'none' };

/** `result` counts only under a 2xx, an error only under its own or the HTTP status 4xx or 5xx. */
export function readEnvelope({ status, body, header }: WholeAnswer, now: Instant): Envelope {
  const json = parseJson(body);
  if (!isRecord(json)) return NONE;
  if (json['ok'] === true && (status < 200 || status >= 300)) return { kind: 'contradiction' };
  if (json['ok'] === true) return 'result' in json ? { kind: 'result', result: json['result'] } : NONE;
  if (json['ok'] !== false) return NONE;
  const code = json['error_code'] ?? status;
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 400 || code > 599) return NONE;
  const description = typeof json['description'] === 'string' ? json['description'] : '';
  const asked = isRecord(json['parameters']) ? json['parameters']['retry_after'] : undefined;
  const retryAfterS = readSeconds([asked, readRetryAfter(header, now), secondsInWords(description)]);
  return { kind: 'error', error: { status: code, description, retryAfterS } };
}

/** An id as decimal text; null for anything else, and for one that a double has already spoilt. */
export function readId(value: unknown): string | null {
  if (typeof value === 'string') return /^-?[1-9]\d{0,30}$/.test(value) ? value : null;
  return Number.isSafeInteger(value) && value !== 0 ? String(value) : null;
}
