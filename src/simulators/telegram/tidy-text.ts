import type { Entity, ParsedText } from './entities.ts';

/** A text of nothing but these is empty to Telegram. */
const INVISIBLE = /^[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\u{e0000}-\u{e0001}]*$/u;

/** What Telegram does to a parsed text before it is sent (td, fix_formatted_text): characters replaced, both ends trimmed. */
export function tidyText(text: string, entities: readonly Entity[]): ParsedText {
  const clean = hasOffending(text) ? replaceOffending(text, entities) : { text, entities };
  const end = clean.text.length - (/[ \n]+$/.exec(clean.text)?.[0].length ?? 0);
  if (end === 0) return { problem: 'Text must be non-empty' };
  const kept = clean.text.slice(0, end);
  const firstEntity = clean.entities[0]?.offset ?? end;
  const begin = Math.min(/^[ \n]*/.exec(kept)?.[0].length ?? 0, firstEntity);
  const trimmed = kept.slice(begin);
  if (INVISIBLE.test(trimmed)) return { problem: 'Text must be non-empty' };
  const untouched = clean.entities.length === 0 || (begin === 0 && end === clean.text.length);
  return { text: trimmed, entities: untouched ? clean.entities : fit(clean.entities, begin, end) };
}

function hasOffending(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isControl(code) || vanishes(code)) return true;
  }
  return false;
}

/** They become spaces; the line feed stays. */
function isControl(code: number): boolean {
  return code < 0x20 && code !== 0x0a;
}

/** Carriage returns, separators and direction marks, and three combining marks that draw lines across. */
function vanishes(code: number): boolean {
  return code === 0x0d || (code >= 0x2028 && code <= 0x202e) || code === 0x30a || code === 0x333 || code === 0x33f;
}

function fit(entities: readonly Entity[], begin: number, end: number): readonly Entity[] {
  return entities
    .filter((entity) => entity.offset < end)
    .map((entity) => ({ ...entity, offset: entity.offset - begin, length: Math.min(entity.length, end - entity.offset) }));
}

function replaceOffending(text: string, entities: readonly Entity[]): { readonly text: string; readonly entities: readonly Entity[] } {
  let clean = '';
  const placeOf: number[] = [];
  for (const unit of text.split('')) {
    placeOf.push(clean.length);
    const code = unit.charCodeAt(0);
    if (!vanishes(code)) clean += isControl(code) ? ' ' : unit;
  }
  placeOf.push(clean.length);
  const moved = entities.map((entity) => {
    const offset = placeOf[entity.offset] as number;
    return { ...entity, offset, length: (placeOf[entity.offset + entity.length] as number) - offset };
  });
  return { text: clean, entities: moved.filter((entity) => entity.length > 0) };
}
