import type { AccountTypeId, Language, Money } from './glossary.ts';
import { absMoney, formatMoney, NO_BREAK_SPACE, roundMoney, signOf } from './money.ts';
import type { SignStyle } from './money.ts';
import type { Unit } from './settings.ts';
import { checkMessage, compileTemplate } from './template.ts';
import type { TemplateProblem, TemplateVariables } from './template.ts';

/** What is not named in the settings is money. */
export const ROUBLE: Unit = { accountType: null, text: { ru: '₽', en: '₽' }, digits: 2 };

/** A unit's text chooses by `count`; with `{amount}` in it, it says where the number stands (`${amount}`), else the number goes before it. */
const UNIT_VARIABLES: TemplateVariables = { count: { kind: 'plural' }, amount: { kind: 'text' } };

/** What is wrong with a unit's text; «#» and a printed `{count}` are, because the amount is written by `{amount}`. */
export function checkUnit(text: string, language: Language): readonly TemplateProblem[] {
  return text === '' ? [] : checkMessage(text, language, UNIT_VARIABLES);
}

/** The account type's own unit, else the one for all, else roubles. */
export function unitOf(units: readonly Unit[], accountTypeId: AccountTypeId): Unit {
  return units.find(({ accountType }) => accountType === accountTypeId) ?? units.find(({ accountType }) => accountType === null) ?? ROUBLE;
}

/** Plain text such as `+450 ₽`, `−1 250,50 ₽`, `22 балла`, `1,5 балла`. Throws SyntaxError for a unit that `checkUnit` refuses. */
export function formatAmount(
  money: Money,
  { unit, language, sign }: { readonly unit: Unit; readonly language: Language; readonly sign: SignStyle },
): string {
  const rounded = roundMoney(money, unit.digits);
  const amount = formatMoney(rounded, { language, digits: unit.digits, sign: 'never' });
  return signOf(rounded, sign) + withUnit(amount, { unit, language, rounded });
}

function withUnit(
  amount: string,
  { unit, language, rounded }: { readonly unit: Unit; readonly language: Language; readonly rounded: Money },
): string {
  const spoken = unit.text[language] === undefined ? OTHER[language] : language;
  const text = unit.text[spoken] ?? '';
  const written = /[{}']/.test(text) ? compileTemplate(text, spoken)({ count: pluralNumber(rounded), amount }) : text;
  if (/\{\s*amount\s*[,}]/.test(text)) return written;
  return written === '' ? amount : amount + NO_BREAK_SPACE + written;
}

const OTHER: Readonly<Record<Language, Language>> = { ru: 'en', en: 'ru' };
const ONE = 10_000n;
const EXACT = 1_000_000_000n;

/**
 * A number with the same plural form: the last digits decide in both languages, and any fraction reads «other» («1,5 балла»). It is never
 * printed, so money still goes through no double.
 */
function pluralNumber(rounded: Money): number {
  const whole = absMoney(rounded) / ONE;
  const last = Number(whole < EXACT ? whole : (whole % EXACT) + EXACT);
  return rounded % ONE === 0n ? last : last + 0.5;
}
