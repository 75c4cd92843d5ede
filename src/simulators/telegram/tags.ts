/** A start tag as Telegram keeps it: the one attribute that means something, and the date of `tg-time`. */
export interface Tag {
  readonly name: string;
  readonly argument: string;
  readonly date: number;
}

/** `@` in the problem stands for the byte offset of `at`. */
export type TagProblem = { readonly problem: string; readonly at: number };

const KNOWN = new Set('a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote'.split(' '));
const NAMED: Readonly<Record<string, number>> = { lt: 60, gt: 62, amp: 38, quot: 34 };
const REFERENCE = /&(?:#x([0-9a-fA-F]*)|#(\d*)|([a-zA-Z]*))/y;
const TAB = 9;
const LINE = 10;
const VERTICAL_TAB = 11;
const RETURN = 13;
const SPACE = 32;

export interface TagReader {
  atEnd(): boolean;
  position(): number;
  /** Text up to the next `<`, with its references decoded; `halves` = a reference gave half of a surrogate pair. */
  readText(): { readonly text: string; readonly halves: boolean };
  atEndTag(): boolean;
  readStartTag(): Tag | TagProblem;
  /** The lower-case name, maybe empty; null = no `>`. */
  readEndTag(): string | null;
}

/** Reads what `parse_mode: HTML` consists of, character by character in TDLib's order, so that its errors come out alike. */
export function createTagReader(source: string): TagReader {
  let at = 0;
  const skipSpace = (): void => {
    while (at < source.length && isSpace(source.charCodeAt(at))) at += 1;
  };
  const skipTo = (stop: string): void => {
    while (at < source.length && !isSpace(source.charCodeAt(at)) && !stop.includes(source[at] as string)) at += 1;
  };

  /** The attribute's value; null = the text ended or the name token was followed by something odd. */
  const readValue = (): string | { readonly oddTokenAt: number } => {
    const quote = source[at];
    if (quote !== '"' && quote !== "'") {
      const begin = at;
      while (/[a-z0-9.-]/i.test(source[at] ?? '')) at += 1;
      const odd = at < source.length && !isSpace(source.charCodeAt(at)) && source[at] !== '>';
      return odd ? { oddTokenAt: begin } : lowerAscii(source.slice(begin, at));
    }
    at += 1;
    let value = '';
    while (at < source.length && source[at] !== quote) {
      const reference = source[at] === '&' ? decodeReference(source, at) : null;
      value += reference === null ? source[at] : String.fromCodePoint(reference.code);
      at = reference?.end ?? at + 1;
    }
    if (at < source.length) at += 1;
    return value;
  };

  const readAttributes = (name: string, begin: number): Tag | TagProblem => {
    let argument = '';
    let date = 0;
    const unclosed = { problem: `Unclosed start tag "${name}" at byte offset @`, at: begin };
    while (source[at] !== '>') {
      skipSpace();
      if (source[at] === '>') break;
      const attributeBegin = at;
      skipTo('=>/"\'');
      const attribute = source.slice(attributeBegin, at);
      if (attribute === '') return { problem: `Empty attribute name in the tag "${name}" at byte offset @`, at: begin };
      skipSpace();
      if (at >= source.length) return unclosed;
      if (source[at] !== '=') {
        if (name === 'blockquote' && attribute === 'expandable') argument = '1';
        continue;
      }
      at += 1;
      skipSpace();
      if (at >= source.length) return unclosed;
      const value = readValue();
      if (typeof value !== 'string') return { problem: 'Unexpected end of name token at byte offset @', at: value.oddTokenAt };
      if (at >= source.length) return { problem: 'Unclosed start tag at byte offset @', at: begin };
      if (name === 'tg-time' && attribute === 'unix') date = Number.parseInt(value, 10) || 0;
      else argument = argumentOf(name, attribute, value) ?? argument;
    }
    return { name, argument, date };
  };

  return {
    atEnd: () => at >= source.length,
    position: () => at,
    atEndTag: () => source[at + 1] === '/',
    readText: () => {
      let text = '';
      let halves = false;
      let from = at;
      for (; at < source.length && source[at] !== '<'; at += 1) {
        const reference = source[at] === '&' ? decodeReference(source, at) : null;
        if (reference === null) continue;
        text += source.slice(from, at) + String.fromCodePoint(reference.code);
        halves ||= reference.code >= 0xd800 && reference.code <= 0xdfff;
        from = reference.end;
        at = reference.end - 1;
      }
      return { text: text + source.slice(from, at), halves };
    },
    readStartTag: () => {
      const begin = at;
      at += 1;
      skipTo('>');
      if (at >= source.length) return { problem: 'Unclosed start tag at byte offset @', at: begin };
      const name = lowerAscii(source.slice(begin + 1, at));
      if (!KNOWN.has(name)) return { problem: `Unsupported start tag "${name}" at byte offset @`, at: begin };
      const tag = readAttributes(name, begin);
      if ('name' in tag) {
        if (name === 'span' && tag.argument !== 'spoiler') {
          return { problem: 'Tag "span" must have class "tg-spoiler" at byte offset @', at: begin };
        }
        at += 1;
      }
      return tag;
    },
    readEndTag: () => {
      const begin = at + 2;
      at = begin;
      skipTo('>');
      const name = lowerAscii(source.slice(begin, at));
      skipSpace();
      if (source[at] !== '>') return null;
      at += 1;
      return name;
    },
  };
}

function argumentOf(tag: string, attribute: string, value: string): string | null {
  if (tag === 'a' && attribute === 'href') return value;
  if (tag === 'code' && attribute === 'class' && value.startsWith('language-')) return value.slice(9);
  if (tag === 'span' && attribute === 'class' && value.startsWith('tg-')) return value.slice(3);
  if (tag === 'tg-emoji' && attribute === 'emoji-id') return value;
  if (tag === 'blockquote' && attribute === 'expandable') return '1';
  return null;
}

/** `&lt;`, `&#38;`, `&#x26;`, with or without the semicolon; null = the ampersand stands for itself. */
function decodeReference(source: string, at: number): { readonly code: number; readonly end: number } | null {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(source);
  if (match === null) return null;
  const [whole, hex, decimal, name] = match;
  if (name === undefined && whole.length >= 10) return null;
  const code = name !== undefined ? NAMED[name] : hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10);
  if (code === undefined || !(code > 0) || code >= 0x10ffff) return null;
  const end = at + whole.length;
  return { code, end: source[end] === ';' ? end + 1 : end };
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === LINE || code === RETURN || code === VERTICAL_TAB || code === 0;
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
