import type { Language } from './glossary.ts';

/**
 * Tillypad packs several languages into one text: U+0000, then for each language its Windows primary id (one unit), its length
 * (two units, low half first) and its characters. A text that begins otherwise is plain.
 */
const LANGUAGE_ID: Readonly<Record<Language, number>> = { ru: 25, en: 9 };
const HEADER_LENGTH = 3;
/** Windows' primary ids are small; a greater one, or 0, means that this is no packed text (any more). */
const GREATEST_ID = 0xff;
/** A length beyond the text's end is a truncated text; beyond this too, it was never a length. */
const GREATEST_LENGTH = 0xf_ffff;
/** Nobody keeps more; a damaged text of megabytes must not be walked in steps of three. */
const MOST_LANGUAGES = 40;

/**
 * The text in the wanted language, else in Russian, else the first that isn't empty; plain texts as they are. Truncated or odd texts
 * give their best readable part, else ''; never throws.
 */
export function plainText(value: string, language: Language): string {
  if (value.charCodeAt(0) !== 0) return value;
  const wanted = LANGUAGE_ID[language];
  let russian = '';
  let first = '';
  let at = 1;
  for (let count = 0; count < MOST_LANGUAGES && at + HEADER_LENGTH <= value.length; count++) {
    const id = value.charCodeAt(at);
    const length = value.charCodeAt(at + 1) + value.charCodeAt(at + 2) * 0x1_0000;
    const begin = at + HEADER_LENGTH;
    if (id === 0 || id > GREATEST_ID || (length > GREATEST_LENGTH && length > value.length - begin)) break;
    const text = value.slice(begin, begin + length);
    at = begin + length;
    if (isBlank(text)) continue;
    if (id === wanted) return text;
    if (id === LANGUAGE_ID.ru && russian === '') russian = text;
    if (first === '') first = text;
  }
  // Not one language was found: stray U+0000 before a plain text, whose rest is still the best there is.
  // oxlint-disable-next-line no-control-regex
  return at === 1 ? value.replace(/^\u0000+/, '') : russian || first;
}

// Controls but newline and tab; zero-width and joining marks that show nothing; bidi marks, embeddings, overrides and isolates, with which
// a description could turn the amount beside it around; U+2028/2029. U+200C and U+200D stay: emoji and some scripts need them.
const HARMFUL =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/;
const HARMFUL_ALL = new RegExp(HARMFUL, 'g');
// oxlint-disable-next-line no-control-regex
const LINE_ENDS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;

/** Text that is safe to show: line ends become newlines, control and bidi characters vanish, half a character becomes U+FFFD. */
export function forDisplay(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return HARMFUL.test(whole) ? whole.replace(LINE_ENDS, '\n').replace(HARMFUL_ALL, '') : whole;
}

/** One line of it: a value must not look like further lines of the notice. */
export function oneLine(text: string): string {
  return text.replace(/[\n\t ]+/g, ' ').trim();
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Puts a text with right-to-left letters between FSI and PDI, so that it can't reorder the digits and signs around it. */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

function isBlank(text: string): boolean {
  return text.length < 1000 && text.trim() === '';
}
