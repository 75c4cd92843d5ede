import type { CustomerGroupId, Language, WallTime } from './glossary.ts';
import { cutText, escapeHtml, guestValue, LONGEST_MESSAGE, visibleLength, visibleText } from './html.ts';
import { NOTICE_TEXTS, NOTICE_VARIABLES } from './notice-texts.ts';
import { isTellable } from './operation.ts';
import type { Customer, Operation, TellableOperation } from './operation.ts';
import type { NoticeSettings, NoticeTemplate } from './settings.ts';
import { checkTemplate, chooseTemplate, compileTemplate } from './template.ts';
import type { TemplateValues } from './template.ts';
import { formatAmount, unitOf } from './unit.ts';
import { dayForGuest, timeForGuest } from './wall-time.ts';

export interface NoticeRequest {
  /** One to many of one customer, oldest first; each `isTellable`. */
  readonly operations: readonly Operation[];
  readonly customer: Customer;
  readonly restaurant: string;
  readonly language: Language;
  readonly settings: NoticeSettings;
  /** True: an earlier telling is in doubt, so the notice says that it may be a repeat. */
  readonly repeat: boolean;
  /** The database's wall clock: dates of its year are written without the year. */
  readonly reference: WallTime;
  /** Ancestors of the customer's group, nearest first, for templates of a group that stands above. */
  readonly groupAncestors: readonly CustomerGroupId[];
}

/** With operations that can be told. */
interface Telling extends NoticeRequest {
  readonly operations: readonly TellableOperation[];
}

/**
 * Why the default text stands in for an own template: broken: it is refused by `checkTemplate` · empty: it showed nothing ·
 * too_long: even with its values cut short it is over the channel's limit.
 */
export type NoticeFallback = 'broken' | 'empty' | 'too_long';

export interface ComposedNotice {
  /** HTML as Telegram understands it. */
  readonly html: string;
  /** UTF-16 units after parsing, at most 4,096. */
  readonly visibleLength: number;
  /** How many of the oldest operations it tells; at least 1, the rest needs a further notice. */
  readonly used: number;
  readonly fallback: NoticeFallback | null;
}

/** More lines than this in one message is nothing that a guest reads; the rest follows in the next one. */
const MOST_OPERATIONS = 100;

/** How much of a value is shown, in UTF-16 units: `tight` is tried before an own template is given up as too long. */
interface Caps {
  readonly name: number;
  readonly description: number;
}
const USUAL: Caps = { name: 160, description: 1000 };
const TIGHT: Caps = { name: 40, description: 100 };
const LONGEST_AMOUNT = 120;

/**
 * The text of a notice. One operation, or a digest: its operations share one head, have a line each, and the balance of each account stands once
 * at the end. With an own template for any of them, each is told in its own text instead, parted by blank lines. It tells as many
 * of the oldest operations as fit. Values are cleaned, cut and escaped before they go in; a tag is never cut.
 * Throws RangeError without operations, and for one that isn't tellable.
 */
export function composeNotice(asked: NoticeRequest): ComposedNotice {
  const operations = asked.operations.filter(isTellable);
  if (operations.length === 0 || operations.length < asked.operations.length)
    throw new RangeError('a notice needs operations that can be told');
  const request: Telling = { ...asked, operations };
  const { settings } = request;
  const templates =
    settings.templates.length === 0 ? [] : operations.slice(0, MOST_OPERATIONS).map((operation) => templateFor(operation, request));
  const compose = templates.some((template) => template !== null)
    ? (count: number) => composeBlocks(request, templates.slice(0, count))
    : (count: number) => (count === 1 ? composeSingle(request) : composeDigest(request, count));
  return largest(Math.min(operations.length, MOST_OPERATIONS), compose);
}

/** The most operations whose text fits, by halving: a text of n operations costs n, and nearly always all of them fit at once. */
function largest(most: number, compose: (count: number) => ComposedNotice): ComposedNotice {
  const whole = compose(most);
  if (most === 1 || whole.visibleLength <= LONGEST_MESSAGE) return whole;
  let best = compose(1);
  let tooMany = most;
  while (tooMany - best.used > 1) {
    const middle = compose((best.used + tooMany) >> 1);
    if (middle.visibleLength <= LONGEST_MESSAGE) best = middle;
    else tooMany = middle.used;
  }
  return best;
}

function composeSingle(request: Telling): ComposedNotice {
  const [operation] = request.operations;
  if (operation === undefined) throw new RangeError('no operation');
  const html = render(NOTICE_TEXTS[request.language].single, request.language, valuesOf(operation, request, LONE));
  return finish(request, { html, used: 1, fallback: null });
}

function composeDigest(request: Telling, count: number): ComposedNotice {
  const { language } = request;
  const texts = NOTICE_TEXTS[language];
  const told = request.operations.slice(0, count);
  const rows = told.map((operation, index) => valuesOf(operation, request, { index, count }));
  const [first] = rows;
  if (first === undefined) throw new RangeError('no operation');
  const span = spanOf(told);
  const together = rows.every(({ division }) => division === first['division']);
  const apart = { span, ...(together ? { hasDivision: 'no' } : {}) };
  const head = render(texts.digestHead, language, { ...first, span, ...(together ? {} : { hasDivision: 'no' }) });
  const lines = rows.map((row) => render(texts.digestLine, language, { ...row, ...apart }));
  const accounts = new Map(rows.map((row, index) => [told[index]?.accountTypeId, row]));
  const choice = { accounts: accounts.size > 1 ? 'many' : 'one' };
  const balances = [...accounts.values()]
    .filter(({ hasBalance }) => hasBalance === 'yes')
    .map((row) => render(texts.digestBalance, language, { ...row, ...choice }));
  return finish(request, { html: [head, ...lines, ...balances].filter((part) => part !== '').join('\n'), used: count, fallback: null });
}

/** What all dates share: it is written once. */
function spanOf(operations: readonly TellableOperation[]): 'minute' | 'day' | 'none' {
  const shared = (length: number): boolean =>
    operations.every(({ date }) => date.slice(0, length) === operations[0]?.date.slice(0, length));
  if (shared(16)) return 'minute';
  return shared(10) ? 'day' : 'none';
}

function composeBlocks(request: Telling, templates: readonly (NoticeTemplate | null)[]): ComposedNotice {
  const count = templates.length;
  let fallback: NoticeFallback | null = null;
  const blocks = request.operations.slice(0, count).map((operation, index) => {
    const block = composeBlock(request, { operation, template: templates[index] ?? null, turn: { index, count } });
    fallback ??= block.fallback;
    return block.html;
  });
  return finish(request, { html: blocks.join('\n\n'), used: count, fallback });
}

interface Turn {
  readonly index: number;
  readonly count: number;
}
const LONE: Turn = { index: 0, count: 1 };

function composeBlock(
  request: Telling,
  { operation, template, turn }: { readonly operation: TellableOperation; readonly template: NoticeTemplate | null; readonly turn: Turn },
): { readonly html: string; readonly fallback: NoticeFallback | null } {
  const { language } = request;
  const own = template?.text[language];
  const standIn = (fallback: NoticeFallback | null) => ({
    html: render(NOTICE_TEXTS[language].single, language, valuesOf(operation, request, turn)),
    fallback,
  });
  if (own === undefined) return standIn(null);
  if (!isSound(own, language)) return standIn('broken');
  for (const caps of [USUAL, TIGHT]) {
    const html = render(own, language, valuesOf(operation, request, { ...turn, caps }));
    if (!showsSomething(html)) return standIn('empty');
    if (visibleLength(withMark(html, request)) <= LONGEST_MESSAGE) return { html, fallback: null };
  }
  return standIn('too_long');
}

function templateFor(operation: TellableOperation, { settings, language, customer, groupAncestors }: Telling): NoticeTemplate | null {
  const groups = [customer.groupId, ...groupAncestors];
  return chooseTemplate(settings.templates, { language, accountTypeId: operation.accountTypeId, groups, sum: operation.sum });
}

/** Settings refuse a broken template, so this is a second look, taken once per text: a lost notice would be the worse answer. */
const SOUND: Readonly<Record<Language, Map<string, boolean>>> = { ru: new Map(), en: new Map() };

function isSound(template: string, language: Language): boolean {
  const known = SOUND[language].get(template);
  if (known !== undefined) return known;
  const sound = checkTemplate(template, language, NOTICE_VARIABLES).length === 0;
  if (SOUND[language].size >= 1000) SOUND[language].clear();
  SOUND[language].set(template, sound);
  return sound;
}

function render(template: string, language: Language, values: TemplateValues): string {
  return compileTemplate(
    template,
    language,
  )(values)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A letter, digit or sign: Telegram refuses what consists of spaces and invisible characters. */
function showsSomething(html: string): boolean {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(visibleText(html));
}

function withMark(html: string, { repeat, language }: Telling): string {
  return repeat ? `${NOTICE_TEXTS[language].repeatMark}\n${html}` : html;
}

function finish(
  request: Telling,
  { html, used, fallback }: { readonly html: string; readonly used: number; readonly fallback: NoticeFallback | null },
): ComposedNotice {
  const marked = withMark(html, request);
  return { html: marked, visibleLength: visibleLength(marked), used, fallback };
}

function valuesOf(
  operation: TellableOperation,
  request: Telling,
  { index, count, caps = USUAL }: Turn & { readonly caps?: Caps },
): TemplateValues {
  const { language, settings, customer } = request;
  const name = (text: string | null): string => guestValue(text, language, caps.name);
  const unit = unitOf(settings.units, operation.accountTypeId);
  const absAmount = amountOf(formatAmount(operation.sum, { unit, language, sign: 'never' }));
  const balance = settings.balance === 'off' ? null : operation.balanceAfter;
  const restaurant = name(request.restaurant);
  const division = name(operation.division);
  const document = name(operation.document);
  const description = guestValue(operation.description, language, caps.description);
  return {
    restaurant,
    division,
    customer: name(customer.name),
    group: name(customer.group),
    accountType: name(operation.accountType) || '—',
    document,
    description,
    amount: amountOf(formatAmount(operation.sum, { unit, language, sign: 'always' })),
    absAmount,
    balance: balance === null ? '' : amountOf(formatAmount(balance, { unit, language, sign: 'minus' })),
    date: dayForGuest(operation.date, language, request.reference),
    time: timeForGuest(operation.date),
    sign: operation.sum > 0n ? 'credit' : operation.sum < 0n ? 'debit' : 'zero',
    isReturn: yesOrNo(operation.returnOf !== null),
    balanceKind: settings.balance === 'current' ? 'current' : 'after',
    hasRestaurant: yesOrNo(restaurant !== ''),
    hasDivision: yesOrNo(division !== ''),
    hasBalance: yesOrNo(balance !== null),
    hasDescription: yesOrNo(description !== ''),
    hasDocument: yesOrNo(document !== ''),
    isFirst: yesOrNo(index === 0),
    isLast: yesOrNo(index === count - 1),
    count,
  };
}

function yesOrNo(holds: boolean): 'yes' | 'no' {
  return holds ? 'yes' : 'no';
}

function amountOf(text: string): string {
  return escapeHtml(cutText(text, LONGEST_AMOUNT));
}
