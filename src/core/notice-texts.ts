import type { Language } from './glossary.ts';
import type { TemplateVariables } from './template.ts';

const YES_OR_NO = { kind: 'choice', options: ['yes', 'no'] } as const;
const TEXT = { kind: 'text' } as const;

/**
 * What a template of a notice may name. Texts are one line each, cut and escaped; amounts carry their unit.
 *
 * restaurant · division (of a chain) · customer (name) · group · accountType · document · description
 * amount «−450 ₽» · absAmount «450 ₽» · balance «1 250 ₽» · date «24 ноября» · time «19:42»
 * sign: credit, debit, zero · isReturn: the operation returns another one · balanceKind: after (this operation), current (as of now)
 * hasRestaurant, hasDivision, hasBalance, hasDescription, hasDocument: so that a line can be left away
 * count: operations told in this message · isFirst, isLast: of these
 */
export const NOTICE_VARIABLES: TemplateVariables = {
  restaurant: TEXT,
  division: TEXT,
  customer: TEXT,
  group: TEXT,
  accountType: TEXT,
  document: TEXT,
  description: TEXT,
  amount: TEXT,
  absAmount: TEXT,
  balance: TEXT,
  date: TEXT,
  time: TEXT,
  sign: { kind: 'choice', options: ['credit', 'debit', 'zero'] },
  isReturn: YES_OR_NO,
  balanceKind: { kind: 'choice', options: ['after', 'current'] },
  hasRestaurant: YES_OR_NO,
  hasDivision: YES_OR_NO,
  hasBalance: YES_OR_NO,
  hasDescription: YES_OR_NO,
  hasDocument: YES_OR_NO,
  isFirst: YES_OR_NO,
  isLast: YES_OR_NO,
  count: { kind: 'number' },
};

/**
 * The texts of a digest know two more: `span` is what its operations share (minute, day, none), so that this stands once in the head and
 * the rest in each line; `accounts` says whether the balance lines must name their account (one, many).
 */
export const DIGEST_VARIABLES: TemplateVariables = {
  ...NOTICE_VARIABLES,
  span: { kind: 'choice', options: ['minute', 'day', 'none'] },
  accounts: { kind: 'choice', options: ['one', 'many'] },
};

/** All the words of a notice in one language. `single` is an ordinary template: an administrator may copy and change it. */
export interface NoticeTexts {
  readonly single: string;
  readonly digestHead: string;
  readonly digestLine: string;
  readonly digestBalance: string;
  /** Stands above a notice whose first telling is in doubt (decision 6). */
  readonly repeatMark: string;
}

// Account names stay in quotes and amounts after a colon: so both keep their own grammatical form, whatever a restaurant calls them. The customer's
// name, the document and the description are not told by default: staff write remarks there that are not meant for the guest.
const RU_WHAT = `{isReturn, select,
  yes {{sign, select,
    credit {↩️ Возвращено на счёт «{accountType}»: <b>{absAmount}</b>}
    debit {↩️ Зачисление отменено, со счёта «{accountType}» списано: <b>{absAmount}</b>}
    other {↩️ Возврат по счёту «{accountType}»: <b>{absAmount}</b>}}}
  other {{sign, select,
    credit {➕ Зачислено на счёт «{accountType}»: <b>{absAmount}</b>}
    debit {➖ Списано со счёта «{accountType}»: <b>{absAmount}</b>}
    other {Операция по счёту «{accountType}»: <b>{absAmount}</b>}}}}`;

const EN_WHAT = `{isReturn, select,
  yes {{sign, select,
    credit {↩️ Returned to “{accountType}”: <b>{absAmount}</b>}
    debit {↩️ Credit cancelled, taken back from “{accountType}”: <b>{absAmount}</b>}
    other {↩️ Return on “{accountType}”: <b>{absAmount}</b>}}}
  other {{sign, select,
    credit {➕ Added to “{accountType}”: <b>{absAmount}</b>}
    debit {➖ Taken from “{accountType}”: <b>{absAmount}</b>}
    other {Operation on “{accountType}”: <b>{absAmount}</b>}}}}`;

const DIVISION = '{hasDivision, select, yes { · {division}} other {}}';
// A chain that names only its divisions still says where it was.
const HEAD = `{hasRestaurant, select, yes {<b>{restaurant}</b>${DIVISION}\n} other {{hasDivision, select, yes {<b>{division}</b>\n} other {}}}}`;
const DIGEST_HEAD = `${HEAD}{span, select, minute {{date}, {time}\n} day {{date}\n} other {}}`;
const DIGEST_WHEN = '{span, select, minute {} day {{time} } other {{date}, {time} }}';

export const NOTICE_TEXTS: Readonly<Record<Language, NoticeTexts>> = {
  ru: {
    single: `${HEAD}${RU_WHAT}
{date}, {time}{hasBalance, select,
  yes {\n{balanceKind, select, current {Сейчас на счёте} other {Остаток}}: <b>{balance}</b>}
  other {}}`,
    digestHead: DIGEST_HEAD,
    digestLine: `${DIGEST_WHEN}${RU_WHAT}${DIVISION}`,
    digestBalance: `{accounts, select,
  many {{balanceKind, select, current {Сейчас на счёте «{accountType}»} other {Остаток на счёте «{accountType}»}}}
  other {{balanceKind, select, current {Сейчас на счёте} other {Остаток}}}}: <b>{balance}</b>`,
    repeatMark: '<i>Возможно, повтор: это сообщение могло уже прийти.</i>',
  },
  en: {
    single: `${HEAD}${EN_WHAT}
{date}, {time}{hasBalance, select,
  yes {\n{balanceKind, select, current {Balance now} other {Balance}}: <b>{balance}</b>}
  other {}}`,
    digestHead: DIGEST_HEAD,
    digestLine: `${DIGEST_WHEN}${EN_WHAT}${DIVISION}`,
    digestBalance: `{accounts, select,
  many {{balanceKind, select, current {Balance of “{accountType}” now} other {Balance of “{accountType}”}}}
  other {{balanceKind, select, current {Balance now} other {Balance}}}}: <b>{balance}</b>`,
    repeatMark: '<i>Possibly a repeat: you may have had this message already.</i>',
  },
};
