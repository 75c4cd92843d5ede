const PART = 64 * 1024;

/**
 * JSON as `JSON.stringify` writes it with an indent of 2, in parts that end where a line does. What can be iterated is an array, whose items
 * are asked for one after the other: a result may be larger than memory.
 */
export function* jsonParts(value: unknown): Generator<string> {
  let lines: string[] = [];
  let length = 0;
  for (const line of linesOf(value, '', '')) {
    lines.push(line);
    length += line.length;
    if (length < PART) continue;
    yield lines.join('\n');
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield lines.join('\n');
}

/** The first line goes on where `head` ends. */
function* linesOf(value: unknown, indent: string, head: string): Generator<string> {
  if (!isComposed(value)) {
    yield `${head}${JSON.stringify(value, jsonValue) ?? 'null'}`;
    return;
  }
  const isList = Symbol.iterator in value;
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  let former: string | null = null;
  for (const { key, item } of isList ? itemsOf(value) : entriesOf(value)) {
    yield former === null ? `${head}${open}` : former;
    former = null;
    for (const line of linesOf(item, `${indent}  `, `${indent}  ${key}`)) {
      if (former !== null) yield former;
      former = line;
    }
    former = `${former ?? ''},`;
  }
  if (former === null) yield `${head}${open}${close}`;
  else {
    yield former.slice(0, -1);
    yield `${indent}${close}`;
  }
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

/** Money is a bigint inside and decimal text outside; a plain bigint (a count) is a number. */
function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
