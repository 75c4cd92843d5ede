import { createTagReader } from './tags.ts';
import type { Tag } from './tags.ts';

/** Part of a text with a look or a meaning; offset and length in UTF-16 units, as Telegram counts them. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
  readonly custom_emoji_id?: string;
  readonly unix_time?: number;
}

export type ParsedText = { readonly text: string; readonly entities: readonly Entity[] } | { readonly problem: string };

const TYPES: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
  pre: 'pre',
};

/**
 * What `parse_mode: HTML` makes of a text, with TDLib's own errors and their byte offsets (td/telegram/MessageEntity.cpp,
 * parse_html). URLs, mentions and commands in plain text are not marked: no reader of ours looks at them.
 */
export function parseHtml(source: string): ParsedText {
  const reader = createTagReader(source);
  const entities: Entity[] = [];
  const open: (Tag & { readonly offset: number })[] = [];
  let text = '';
  let halves = false;
  const problemAt = (said: string, at: number): ParsedText => ({
    problem: said.replace('@', String(Buffer.byteLength(source.slice(0, at)))),
  });

  for (;;) {
    const plain = reader.readText();
    text += plain.text;
    halves ||= plain.halves;
    if (reader.atEnd()) break;
    const begin = reader.position();
    if (!reader.atEndTag()) {
      const tag = reader.readStartTag();
      if ('problem' in tag) return problemAt(tag.problem, tag.at);
      open.push({ ...tag, offset: text.length });
      continue;
    }
    const last = open.at(-1);
    if (last === undefined) return problemAt('Unexpected end tag at byte offset @', begin);
    const name = reader.readEndTag();
    if (name === null) return problemAt('Unclosed end tag at byte offset @', begin);
    if (name !== '' && name !== last.name) {
      return problemAt(`Unmatched end tag at byte offset @, expected "</${last.name}>", found "</${name}>"`, begin);
    }
    open.pop();
    const said = text.length > last.offset ? close(last, text, entities) : null;
    if (said !== null) return { problem: said };
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return { problem: `Can't find end tag corresponding to start tag "${unclosed.name}"` };
  if (halves && !text.isWellFormed()) {
    return { problem: 'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units' };
  }
  return { text, entities: entities.map(forget).toSorted((one, other) => one.offset - other.offset || other.length - one.length) };
}

/** Adds the entity of a closed tag; a text is what is wrong with it. */
function close(tag: Tag & { readonly offset: number }, text: string, entities: Entity[]): string | null {
  const place = { offset: tag.offset, length: text.length - tag.offset };
  const before = entities.at(-1);
  const same = before !== undefined && before.offset === place.offset && before.length === place.length ? before : null;
  if (tag.name === 'a') {
    const url = linkOf(tag.argument === '' ? text.slice(tag.offset) : tag.argument);
    if (url !== null) entities.push({ type: 'text_link', ...place, url });
  } else if (tag.name === 'blockquote') {
    entities.push({ type: tag.argument === '' ? 'blockquote' : 'expandable_blockquote', ...place });
  } else if (tag.name === 'tg-emoji') {
    if (!/^-?[1-9]\d{0,18}$/.test(tag.argument)) return 'Invalid custom emoji identifier specified';
    entities.push({ type: 'custom_emoji', ...place, custom_emoji_id: tag.argument });
  } else if (tag.name === 'tg-time') {
    if (tag.date > 0) entities.push({ type: 'date_time', ...place, unix_time: tag.date });
  } else if (tag.name === 'code' && same?.type === 'pre' && tag.argument !== '') {
    entities[entities.length - 1] = { ...same, language: tag.argument };
  } else if (tag.name === 'pre' && same?.type === 'code' && same.language !== undefined) {
    entities[entities.length - 1] = { ...same, type: 'pre' };
  } else {
    const language = tag.name === 'code' && tag.argument !== '' ? { language: tag.argument } : {};
    entities.push({ type: TYPES[tag.name] as string, ...place, ...language });
  }
  return null;
}

/** A `code` keeps its language only inside a `pre`. */
function forget(entity: Entity): Entity {
  return entity.type === 'code' && entity.language !== undefined ? { type: 'code', offset: entity.offset, length: entity.length } : entity;
}

/** The address as Telegram keeps it; null = no address, and then the text stays without a link. */
function linkOf(address: string): string | null {
  if (/^(?:tg|ton|tonsite):/i.test(address)) return address;
  const full = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  return url.hostname.includes('.') || url.hostname.startsWith('[') ? url.href : null;
}
