import { maskPhone } from '../core/mask.ts';
import { isRecord } from '../http/answer.ts';

// Fields of the operators' answers. What one documents as a number another client has seen as text, so each reader takes both.

/** A short word or a number as text; null for anything else. */
export function readWord(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' || value.length > 64 ? null : value.trim();
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Roubles as decimal text with at most four digits after the point; null for what is no amount. */
export function readRoubles(value: unknown): string | null {
  const text = (readWord(value) ?? '').replace(',', '.');
  if (!/^-?\d{1,12}(?:\.\d+)?$/.test(text)) return null;
  return (text.split('.')[1] ?? '').length > 4 ? String(Number(Number(text).toFixed(4))) : text;
}

/** A count of segments. */
export function readCount(value: unknown): number | null {
  const count = Number(readWord(value) ?? Number.NaN);
  return Number.isInteger(count) && count > 0 && count < 1_000 ? count : null;
}

/** Digits of a number that must be told for it to be ours. */
const FEWEST_SHOWN = 4;

/** `8 999…` is how Russians dial, `+7 999…` how the world does, and a digit may be hidden behind an asterisk. */
export function isSameNumber(answered: unknown, number: string): boolean {
  const told = (readWord(answered) ?? '').replaceAll(/[+\s()-]/g, '').replace(/^8(?=.{10}$)/, '7');
  const isHidden = (digit: string): boolean => /[*xх•]/i.test(digit);
  const fits = told.length === number.length && [...told].every((digit, at) => digit === number[at] || isHidden(digit));
  return fits && [...told].filter((digit) => !isHidden(digit)).length >= FEWEST_SHOWN;
}

/** A list as it is, a map's values, one thing alone as a list of one. */
export function readItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  return isRecord(value) ? Object.values(value) : [];
}

/** What would repeat a guest's number, a guest's own link or a secret. */
const LEFT_OUT: ReadonlySet<string> = new Set(['text', 'message', 'msg', 'phone', 'to', 'number', 'token', 'api_id', 'apiKey', 'key']);

/** No operator's answer is nested deeper. */
const DEEPEST_KEPT = 12;
const PHONE = /^\+?\d{10,15}$/;

/** An answer's part as one line to keep: numbers masked, also where they are a map's names. */
export function keep(value: unknown): string {
  const shown = (part: unknown, depth: number): unknown => {
    // A few kilobytes of brackets are deeper than any stack.
    if (depth > DEEPEST_KEPT) return '…';
    if (typeof part === 'string') return PHONE.test(part) ? maskPhone(part) : part;
    if (Array.isArray(part)) return part.map((inner) => shown(inner, depth + 1));
    if (!isRecord(part)) return part;
    const entries = Object.entries(part).filter(([name]) => !LEFT_OUT.has(name));
    return Object.fromEntries(entries.map(([name, inner]) => [PHONE.test(name) ? maskPhone(name) : name, shown(inner, depth + 1)]));
  };
  return JSON.stringify(shown(value, 0)) ?? '';
}
