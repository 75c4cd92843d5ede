import { LongText, partsOfText } from './long-text.ts';

const PART = 64 * 1024;
/** Texts up to here, and lists with so many items, are written at once. */
const SHORT = 10_000;
const FEW = 100;

/**
 * JSON as `JSON.stringify` writes it with an indent of 2, in parts. What can be iterated is an array, whose items are asked for one after the
 * other: a result may be larger than memory.
 */
export function* jsonParts(value: unknown): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const piece of piecesOf(value, '\n')) {
    parts.push(piece);
    length += piece.length;
    if (length < PART) continue;
    yield parts.join('');
    parts = [];
    length = 0;
  }
  yield parts.join('');
}

/** `line` is what begins a new line at the value's indent. */
function* piecesOf(value: unknown, line: string): Generator<string> {
  if (value instanceof LongText) yield* piecesOfText(value.parts());
  else if (typeof value === 'string' && value.length > SHORT) yield* piecesOfText(partsOfText(value));
  else if (isShort(value)) yield (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', line);
  else if (isComposed(value)) yield* piecesOfComposed(value, line);
  // Money is a bigint inside and decimal text outside.
  else yield `"${String(value)}"`;
}

function* piecesOfText(parts: Iterable<string>): Generator<string> {
  yield '"';
  for (const part of parts) yield JSON.stringify(part).slice(1, -1);
  yield '"';
}

function* piecesOfComposed(value: Composed, line: string): Generator<string> {
  const isList = Symbol.iterator in value;
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  let count = 0;
  for (const { key, item } of isList ? itemsOf(value) : entriesOf(value)) {
    yield `${count === 0 ? open : ','}${line}  ${key}`;
    yield* piecesOf(item, `${line}  `);
    count += 1;
  }
  yield count === 0 ? `${open}${close}` : `${line}${close}`;
}

/** Neither long nor made of anything that is asked for item by item. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= SHORT;
  if (!isComposed(value)) return typeof value !== 'bigint';
  if (value instanceof LongText) return false;
  if (Array.isArray(value)) return value.length <= FEW && value.every(isShort);
  return !(Symbol.iterator in value) && Object.values(value).every(isShort);
}

type Composed = Iterable<unknown> | Readonly<Record<string, unknown>>;

function isComposed(value: unknown): value is Composed {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}

function* itemsOf(list: Iterable<unknown>): Generator<{ readonly key: string; readonly item: unknown }> {
  for (const item of list) yield { key: '', item };
}

function* entriesOf(object: Readonly<Record<string, unknown>>): Generator<{ readonly key: string; readonly item: unknown }> {
  for (const [name, item] of Object.entries(object))
    if (item !== undefined && typeof item !== 'function') yield { key: `${JSON.stringify(name)}: `, item };
}
