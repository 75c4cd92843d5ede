import type { Language } from './glossary.ts';
import { forDisplay, isolate, oneLine, plainText } from './multilingual.ts';

/** Telegram's limit of one message, in UTF-16 units after its HTML is parsed. */
export const LONGEST_MESSAGE = 4096;

const SPECIAL = /[&<>"]/;
const SPECIAL_ALL = /[&<>"]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Makes any text safe between tags and inside a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, (character) => ENTITIES[character] ?? character) : text;
}

const TAG = /<\/?[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>/gi;
const ENTITY = /&(?:lt|gt|amp|quot);|&#(?:x[0-9a-f]{1,6}|\d{1,7});/gi;

/** What a guest sees of well-formed HTML. */
export function visibleText(html: string): string {
  return html.replace(TAG, '').replace(ENTITY, decodeEntity);
}

/** Length of a message as Telegram counts it, never less: what isn't surely a tag or an entity is counted as it stands. */
export function visibleLength(html: string): number {
  return visibleText(html).length;
}

export function fits(html: string, limit: number = LONGEST_MESSAGE): boolean {
  return html.length <= limit || visibleLength(html) <= limit;
}

function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1).toLowerCase();
  if (name[0] !== '#') return { lt: '<', gt: '>', amp: '&', quot: '"' }[name] ?? entity;
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code < 0x10_ffff ? String.fromCodePoint(code) : entity;
}

const SEGMENTER = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/**
 * At most `limit` UTF-16 units of a *value* (not of HTML), the last of them «…» when something was cut; never half a character, and
 * never half of what a reader sees as one, unless that alone is longer than the limit.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (limit < 1) return '';
  // Whatever the text's length, only its head is segmented: a description may have ten million characters.
  const head = headOf(text, limit + 64);
  const last = SEGMENTER.segment(head).containing(limit - 1);
  const end = last?.index ?? 0;
  return `${(end > 0 ? head.slice(0, end) : headOf(text, limit - 1)).trimEnd()}…`;
}

/** The first `length` units, one less where that would split a surrogate pair. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/**
 * A stored text as it may stand in HTML: unpacked, cleaned, on one line, at most `longest` units (and two that isolate right-to-left
 * letters), escaped. Null gives ''.
 */
export function guestValue(stored: string | null, language: Language, longest: number): string {
  if (stored === null || stored === '') return '';
  // The head is taken first: what follows would cost time in a text of millions of characters.
  const head = headOf(plainText(stored, language), longest * 4);
  return escapeHtml(isolate(cutText(oneLine(forDisplay(head)), longest)));
}

/** unclosed_tag: no «>» · unknown_tag · bad_attribute: not Telegram's, or not in double quotes · unexpected_end, wrong_end: nothing or another tag is open · never_closed. */
export type HtmlCode = 'unclosed_tag' | 'unknown_tag' | 'bad_attribute' | 'unexpected_end' | 'wrong_end' | 'never_closed';

export interface HtmlProblem {
  readonly code: HtmlCode;
  /** UTF-16 units from the beginning to the «<» in question. */
  readonly offset: number;
  readonly tag: string;
}

/** Tag → the whole text of its attributes. tg-time is left out: an own Bot API server of last year refuses it. */
const TAGS: Readonly<Record<string, RegExp>> = {
  a: /^ href="[^"]+"$/,
  blockquote: /^(?: expandable)?$/,
  code: /^(?: class="language-[\w+#-]+")?$/,
  span: /^ class="tg-spoiler"$/,
  'tg-emoji': /^ emoji-id="(?:[1-9]\d{0,17}|[1-8]\d{18})"$/,
};
const BARE_TAGS = new Set(['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'tg-spoiler', 'pre']);
const ONE_TAG = /<(\/?)([a-z][a-z-]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/iy;

/** The first reason for which Telegram (or this program, which is stricter about attributes) would refuse the HTML; null when there is none. */
export function checkHtml(html: string): HtmlProblem | null {
  const open: { readonly tag: string; readonly offset: number }[] = [];
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    const problem = checkTag(html, at, open);
    if (problem !== null) return problem;
  }
  const left = open.at(-1);
  return left === undefined ? null : { code: 'never_closed', ...left };
}

function checkTag(html: string, offset: number, open: { readonly tag: string; readonly offset: number }[]): HtmlProblem | null {
  ONE_TAG.lastIndex = offset;
  const match = ONE_TAG.exec(html);
  const tag = (match?.[2] ?? /^<\/?([^\s<>/]*)/.exec(html.slice(offset, offset + 40))?.[1] ?? '').toLowerCase();
  const problem = (code: HtmlCode): HtmlProblem => ({ code, offset, tag });
  if (!BARE_TAGS.has(tag) && !Object.hasOwn(TAGS, tag)) return problem('unknown_tag');
  if (match === null) return problem(html.indexOf('>', offset) < 0 ? 'unclosed_tag' : 'bad_attribute');
  const attributes = (match[3] ?? '').replace(/^\s+/, ' ');
  if (match[1] === '/') return attributes === '' ? closeTag(open, problem) : problem('bad_attribute');
  if (!(TAGS[tag] ?? /^$/).test(attributes)) return problem('bad_attribute');
  open.push({ tag, offset });
  return null;
}

function closeTag(open: { readonly tag: string }[], problem: (code: HtmlCode) => HtmlProblem): HtmlProblem | null {
  const last = open.pop();
  if (last === undefined) return problem('unexpected_end');
  return last.tag === problem('wrong_end').tag ? null : problem('wrong_end');
}

/** True when what comes next would stand inside `<…>`, a quoted attribute included. */
export function endsInTag(html: string): boolean {
  let inTag = false;
  let quoted = false;
  for (const character of html) {
    if (!inTag) inTag = character === '<';
    else if (character === '"') quoted = !quoted;
    else if (character === '>' && !quoted) inTag = false;
  }
  return inTag;
}
