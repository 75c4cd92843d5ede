import type { Language, Money } from './glossary.ts';

/** Money is a bigint of 1/10,000, as `numeric(18,4)` holds it; nothing here goes through a double. */
const SCALE = 10_000n;
const SCALE_DIGITS = 4;

/** U+2212: as wide as «+», and unlike a hyphen never left alone at a line's end. */
const MINUS = '\u2212';
const PLUS = '+';
/** U+00A0 rather than the narrow U+202F: Telegram Desktop's font has no glyph for the latter. */
export const NO_BREAK_SPACE = '\u00a0';

/**
 * Decimal text as both engines print it: `-12.5000`, `450`, `0.5`; a point, at most four digits after it, no spaces.
 * Throws RangeError for anything else: a database that prints money otherwise is a surprise, not bad input.
 */
export function parseMoney(decimal: string): Money {
  const match = /^(-?)(\d{1,34})(?:\.(\d{1,4}))?$/.exec(decimal);
  if (match === null)
    throw new RangeError(`not a decimal number with at most four digits after the point: ${JSON.stringify(decimal.slice(0, 60))}`);
  return fromParts({ negative: match[1] === '-', whole: match[2] ?? '', fraction: match[3] ?? '' });
}

/** Canonical decimal text with four digits after the point: `-12.5000`; `parseMoney` reads it back unchanged. */
export function moneyToDecimal(money: Money): string {
  const { whole, fraction } = split(absMoney(money));
  return `${money < 0n ? '-' : ''}${whole}.${fraction}`;
}

export type MoneyInput =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly code: 'unknown_form' | 'ambiguous' | 'too_precise' };

/**
 * An amount as people write it in settings: `1 250,50`, `1250.5`, `+100`, `−3`. Spaces part thousands; comma or point is the decimal
 * sign. `1,250` is ambiguous: one and a quarter in Russian, a thousand in English.
 */
export function parseMoneyInput(input: string): MoneyInput {
  const match = /^([+\-\u2212]?)(\d{1,14}|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){1,4})(?:([.,])(\d+))?$/.exec(input.trim());
  if (match === null) return { ok: false, code: 'unknown_form' };
  const [, sign = '', grouped = '', point, fraction = ''] = match;
  const whole = grouped.replace(/\D/g, '');
  if (point === ',' && fraction.length === 3 && /^[1-9]\d{0,2}$/.test(grouped)) return { ok: false, code: 'ambiguous' };
  const needed = fraction.replace(/0+$/, '');
  if (needed.length > SCALE_DIGITS) return { ok: false, code: 'too_precise' };
  return { ok: true, money: fromParts({ negative: sign === '-' || sign === MINUS, whole, fraction: needed }) };
}

export function absMoney(money: Money): Money {
  return money < 0n ? -money : money;
}

/** Rounds half away from zero to `digits` (0 to 4) after the point. */
export function roundMoney(money: Money, digits: number): Money {
  const step = 10n ** BigInt(SCALE_DIGITS - digits);
  const rounded = ((absMoney(money) + step / 2n) / step) * step;
  return money < 0n ? -rounded : rounded;
}

/** always: «+» for a credit, «−» for a debit · minus: «−» below zero only · never. */
export type SignStyle = 'always' | 'minus' | 'never';

export interface MoneyStyle {
  readonly language: Language;
  /** Digits after the point, 0 to 4; a fraction of zeros is left away. */
  readonly digits: number;
  readonly sign: SignStyle;
}

/** `−1 250,50` in Russian, `−1,250.50` in English. What rounds to zero is «0» without a sign. */
export function formatMoney(money: Money, style: MoneyStyle): string {
  const rounded = roundMoney(money, style.digits);
  return signOf(rounded, style.sign) + formatRounded(absMoney(rounded), style);
}

/** The sign that `formatMoney` puts before an amount that is rounded already. */
export function signOf(rounded: Money, sign: SignStyle): string {
  if (sign === 'never' || rounded === 0n) return '';
  if (rounded < 0n) return MINUS;
  return sign === 'always' ? PLUS : '';
}

function formatRounded(amount: Money, { language, digits }: MoneyStyle): string {
  const { whole, fraction } = split(amount);
  const thousands = group(whole, language === 'ru' ? NO_BREAK_SPACE : ',');
  const shown = fraction.slice(0, digits);
  return /[1-9]/.test(shown) ? `${thousands}${language === 'ru' ? ',' : '.'}${shown}` : thousands;
}

function group(whole: string, separator: string): string {
  if (whole.length <= 3) return whole;
  const head = whole.length % 3;
  const groups = head === 0 ? [] : [whole.slice(0, head)];
  for (let at = head; at < whole.length; at += 3) groups.push(whole.slice(at, at + 3));
  return groups.join(separator);
}

function split(amount: Money): { readonly whole: string; readonly fraction: string } {
  return { whole: String(amount / SCALE), fraction: String(amount % SCALE).padStart(SCALE_DIGITS, '0') };
}

function fromParts({
  negative,
  whole,
  fraction,
}: {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}): Money {
  const amount = BigInt(whole) * SCALE + BigInt(fraction.padEnd(SCALE_DIGITS, '0'));
  return negative ? -amount : amount;
}
