import IntlMessageFormat from 'intl-messageformat';
import type { AccountTypeId, CustomerGroupId, Language, Money } from './glossary.ts';
import { checkHtml, endsInTag } from './html.ts';
import type { NoticeTemplate } from './settings.ts';

/**
 * What a template may name, and how. text: `{restaurant}` · choice: only `{sign, select, credit {…} other {…}}`, of these options ·
 * number: `{count}`, `{count, plural, …}` · plural: only chooses a plural form, is never printed.
 */
export type TemplateVariable =
  | { readonly kind: 'text' | 'number' | 'plural' }
  | { readonly kind: 'choice'; readonly options: readonly string[] };
export type TemplateVariables = Readonly<Record<string, TemplateVariable>>;

export interface TemplatePosition {
  /** UTF-16 units from the beginning. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * broken_syntax: not ICU MessageFormat, `detail` is the parser's code · unknown_variable · wrong_use: of a known one, e.g. a plural of a text ·
 * unknown_choice: `detail` is the option · choice_in_tag: a choice may not stand inside `<…>` · html_…: see html.ts, `detail` is the tag; tags must
 * be closed in the branch that opens them · empty: nothing to show.
 */
export interface TemplateProblem {
  readonly code:
    | 'broken_syntax'
    | 'unknown_variable'
    | 'wrong_use'
    | 'unknown_choice'
    | 'choice_in_tag'
    | 'empty'
    | `html_${NonNullable<ReturnType<typeof checkHtml>>['code']}`;
  readonly position?: TemplatePosition;
  readonly variable?: string;
  readonly detail?: string;
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
type Fragment = readonly Element[];
interface Place {
  readonly text: string;
  readonly problems: TemplateProblem[];
  /** The variable of the plural around, which «#» stands for. */
  readonly pounded?: string;
}

/** All that is wrong with an HTML template; an empty list means that it renders for whatever values. */
export function checkTemplate(text: string, language: Language, variables: TemplateVariables): readonly TemplateProblem[] {
  return check(text, language, (fragment, place) => {
    checkVariables(fragment, variables, place);
    checkMarkup(fragment, place);
  });
}

/** The same for a text that isn't HTML: a unit. */
export function checkMessage(text: string, language: Language, variables: TemplateVariables): readonly TemplateProblem[] {
  return check(text, language, (fragment, place) => checkVariables(fragment, variables, place));
}

function check(text: string, language: Language, look: (fragment: Fragment, place: Place) => void): readonly TemplateProblem[] {
  if (text.trim() === '') return [{ code: 'empty' }];
  const place: Place = { text, problems: [] };
  try {
    look(new IntlMessageFormat(text, language, undefined, { ignoreTag: true, captureLocation: true }).getAst(), place);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ code: 'broken_syntax', position: positionIn(text, errorOffset(error)), detail: error.message.toLowerCase() }];
  }
  return place.problems.toSorted((left, right) => (left.position?.offset ?? 0) - (right.position?.offset ?? 0));
}

function errorOffset(error: Error): number {
  return (error as { readonly location?: { readonly start: { readonly offset: number } } }).location?.start.offset ?? 0;
}

function checkVariables(fragment: Fragment, variables: TemplateVariables, place: Place): void {
  for (const element of fragment) {
    const name = 'value' in element ? element.value : place.pounded;
    if (element.type === TYPE.literal || name === undefined) continue;
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const tell = (code: TemplateProblem['code'], detail?: string): void => {
      const position = positionIn(place.text, offsetOf(element));
      place.problems.push({ code, position, variable: name, ...(detail === undefined ? {} : { detail }) });
    };
    if (variable === undefined) tell('unknown_variable');
    else if (!USES[variable.kind].includes(element.type)) tell('wrong_use');
    else if (variable.kind === 'choice') for (const option of foreignOptions(element, variable.options)) tell('unknown_choice', option);
    for (const branch of branchesOf(element)) checkVariables(branch, variables, isPlural(element) ? { ...place, pounded: name } : place);
  }
}

/** Each branch of a choice must be well-formed by itself: then every combination of them is. */
function checkMarkup(fragment: Fragment, place: Place): void {
  let html = '';
  const starts: { readonly at: number; readonly offset: number }[] = [];
  for (const element of fragment) {
    starts.push({ at: html.length, offset: offsetOf(element) });
    const branches = branchesOf(element);
    for (const branch of branches) checkMarkup(branch, place);
    const inTag = branches.length > 0 && endsInTag(html);
    if (inTag) place.problems.push({ code: 'choice_in_tag', position: positionIn(place.text, offsetOf(element)) });
    // U+FFFC stands for an escaped value: fine as text and inside a quoted address, nowhere else.
    if (branches.length === 0 || inTag) html += element.type === TYPE.literal ? element.value : '\ufffc';
  }
  const problem = checkHtml(html);
  if (problem === null) return;
  const start = starts.findLast(({ at }) => at <= problem.offset) ?? { at: 0, offset: 0 };
  place.problems.push({
    code: `html_${problem.code}`,
    position: positionIn(place.text, start.offset + problem.offset - start.at),
    detail: problem.tag,
  });
}

/** The parser's element types by number; its own enum belongs to a package that isn't ours to import. */
const TYPE = { literal: 0, argument: 1, number: 2, select: 5, plural: 6, pound: 7 } as const;
const USES: Readonly<Record<TemplateVariable['kind'], readonly number[]>> = {
  text: [TYPE.argument, TYPE.select],
  choice: [TYPE.select],
  number: [TYPE.argument, TYPE.number, TYPE.plural, TYPE.pound],
  plural: [TYPE.plural],
};

function isPlural(element: Element): boolean {
  return element.type === TYPE.plural;
}

function branchesOf(element: Element): readonly Fragment[] {
  return 'options' in element ? Object.values(element.options).map(({ value }) => value) : [];
}

function foreignOptions(element: Element, options: readonly string[]): readonly string[] {
  return 'options' in element ? Object.keys(element.options).filter((option) => option !== 'other' && !options.includes(option)) : [];
}

function offsetOf(element: Element): number {
  return element.location?.start.offset ?? 0;
}

function positionIn(text: string, offset: number): TemplatePosition {
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

export type TemplateValues = Readonly<Record<string, string | number>>;
export type CompiledTemplate = (values: TemplateValues) => string;

const COMPILED: Readonly<Record<Language, Map<string, CompiledTemplate>>> = { ru: new Map(), en: new Map() };
/** A process has a handful of templates; the bound is for tests and long-lived callers. */
const MOST_COMPILED = 1000;

/** Parsed once per text. Values go in as they are: escape them before. Throws SyntaxError for what `checkTemplate` calls broken. */
export function compileTemplate(text: string, language: Language): CompiledTemplate {
  const known = COMPILED[language].get(text);
  if (known !== undefined) return known;
  const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  const compiled: CompiledTemplate = (values) => String(message.format<string>(values));
  if (COMPILED[language].size >= MOST_COMPILED) COMPILED[language].clear();
  COMPILED[language].set(text, compiled);
  return compiled;
}

export interface TemplateSeeker {
  readonly language: Language;
  readonly accountTypeId: AccountTypeId;
  /** The customer's group, then its ancestors, nearest first. */
  readonly groups: readonly CustomerGroupId[];
  readonly sum: Money;
}

/**
 * The most specific template that fits: one for the account type before one for any; then one for the nearest group; then one for the
 * sign; ties by order. A template without a text in the guest's language does not fit: their language goes before our wording.
 */
export function chooseTemplate(templates: readonly NoticeTemplate[], seeker: TemplateSeeker): NoticeTemplate | null {
  let best: NoticeTemplate | null = null;
  let bestRank = -1;
  for (const template of templates) {
    const rank = rankOf(template, seeker);
    if (rank > bestRank) [best, bestRank] = [template, rank];
  }
  return best;
}

const FARTHEST = 99;

/** Below zero when it does not fit; the parts never carry into each other. */
function rankOf(template: NoticeTemplate, { language, accountTypeId, groups, sum }: TemplateSeeker): number {
  if (template.text[language] === undefined) return -1;
  if (template.accountType !== null && template.accountType !== accountTypeId) return -1;
  if (template.sign === 'credit' ? sum <= 0n : template.sign === 'debit' && sum >= 0n) return -1;
  const distance = template.customerGroup === null ? null : groups.indexOf(template.customerGroup);
  if (distance === -1) return -1;
  const nearness = distance === null ? 0 : 1 + FARTHEST - Math.min(distance, FARTHEST);
  return (template.accountType === null ? 0 : 1000) + nearness * 2 + (template.sign === 'any' ? 0 : 1);
}
