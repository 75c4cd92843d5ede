import type { Money, WallTime } from '../../src/core/glossary.ts';

/**
 * How an operation is recognised in a guest's chat: its day and minute, its sign as the notice draws it, its amount in hundredths. Made from
 * Tillypad's row here and read from the displayed text there; the program's own formatting is not asked.
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

/** A row of Tillypad's operations, as far as a guest gets to see it. */
export interface ToldRow {
  readonly date: WallTime;
  readonly sum: Money;
  readonly isReturn: boolean;
}

/** «12:11 ➕ Added to “Deposit”: 3,230 ₽»; the time, and the day before it, only where the message has no common one. */
const LINE = /^(?:(?:(\d{1,2})\s\p{L}+, )?(\d{2}:\d{2}) )?(➕|➖|↩).*?[»”]: (\d[\d\s.,]*)/gmu;
/** «22 November» or «22 November, 12:11» on a line of its own. */
const WHEN = /^(\d{1,2})\s\p{L}+(?:, (\d{2}:\d{2}))?$/mu;
const REPEAT = /^(?:Возможно, повтор|Possibly a repeat)/;

export function markOf({ date, sum, isReturn }: ToldRow): Mark {
  const sign = isReturn ? '↩' : sum < 0n ? '➖' : '➕';
  return spell({ day: date.slice(8, 10), time: date.slice(11, 16), sign, hundredths: (sum < 0n ? -sum : sum) / 100n });
}

/** The marks of all operations that a message tells; none for greetings and other replies. */
export function marksIn(text: string): readonly Mark[] {
  const [, commonDay = '?', commonTime = '?'] = WHEN.exec(text) ?? [];
  return [...text.matchAll(LINE)].map(([, day = commonDay, time = commonTime, sign = '', amount = '']) =>
    spell({ day, time, sign, hundredths: hundredthsOf(amount) }),
  );
}

export function isMarkedAsRepeat(text: string): boolean {
  return REPEAT.test(text);
}

function spell(seen: { readonly day: string; readonly time: string; readonly sign: string; readonly hundredths: bigint }): Mark {
  return `${seen.day.replace(/^0/, '')}. ${seen.time} ${seen.sign} ${seen.hundredths}`;
}

/** Reads `1 250,5`, `1,250.50` and `1 250` alike: at most two digits behind the last separator are a fraction, thousands have three. */
function hundredthsOf(amount: string): bigint {
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(amount.trim().replace(/[.,]$/, '')) ?? [];
  return BigInt(whole.replaceAll(/\D/g, '')) * 100n + BigInt(fraction.padEnd(2, '0'));
}
