import type { Money } from '../../src/core/glossary.ts';

/**
 * How an operation is recognised in a guest's chat: its sign as the notice draws it, and its amount in hundredths. Made from Tillypad's
 * row here and read from the displayed text there; the program's own formatting is not asked.
 */
export type Mark = string;

/** An operation that must stand in this chat. */
export interface Due {
  readonly chatId: string;
  readonly mark: Mark;
}

export interface Shown {
  readonly chatId: string;
  /** As displayed to the guest. */
  readonly text: string;
}

const LINE = /(➕|➖|↩)[^\n]*?[»”]: (\d[\d\s.,]*)/gu;
const REPEAT = /^(?:Возможно, повтор|Possibly a repeat)/;

export function markOf(sum: Money, isReturn: boolean): Mark {
  const hundredths = (sum < 0n ? -sum : sum) / 100n;
  return `${isReturn ? '↩' : sum < 0n ? '➖' : '➕'} ${hundredths}`;
}

/** The marks of all operations that a message tells; none for greetings and other replies. */
export function marksIn(text: string): readonly Mark[] {
  return [...text.matchAll(LINE)].map(([, sign = '', amount = '']) => `${sign} ${hundredthsOf(amount)}`);
}

export function isMarkedAsRepeat(text: string): boolean {
  return REPEAT.test(text);
}

/** Reads `1 250,5`, `1,250.50` and `1 250` alike: at most two digits behind the last separator are a fraction, thousands have three. */
function hundredthsOf(amount: string): bigint {
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(amount.trim().replace(/[.,]$/, '')) ?? [];
  return BigInt(whole.replaceAll(/\D/g, '')) * 100n + BigInt(fraction.padEnd(2, '0'));
}
