import { fault } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';

/** A line `key = value`, or a block `key = (` … `)`. `at` and `valueAt` count units from the text's begin. */
export type BlockItem =
  | { readonly key: string; readonly at: number; readonly value: string; readonly valueAt: number }
  | { readonly key: string; readonly at: number; readonly items: readonly BlockItem[] };

export type ParsedBlocks =
  | { readonly ok: true; readonly items: readonly BlockItem[] }
  | { readonly ok: false; readonly problem: TextProblem };

/** `s`: U+2028 and U+2029 end no line here, though a dot thinks so. */
const LINE = /^( *)([A-Za-z]+) = (.*)$/s;
const CLOSING = /^( *)\)$/;
const DEEPEST = 32;

interface Open {
  readonly items: BlockItem[];
  readonly at: number;
  readonly key: string;
}

/**
 * The grammar of wizards and their sister texts: items between CRLF, two spaces of indent a level, nothing else. What it accepts,
 * `writeBlocks` gives back to the character.
 */
export function parseBlocks(text: string): ParsedBlocks {
  const stack: Open[] = [{ items: [], at: 0, key: '' }];
  let at = 0;
  for (const line of text.split('\r\n')) {
    const problem = readLine(stack, line, at);
    if (problem !== null) return { ok: false, problem };
    at += line.length + 2;
  }
  const open = stack.at(-1)!;
  return stack.length === 1 ? { ok: true, items: open.items } : { ok: false, problem: fault('block_open', open.at, { key: open.key }) };
}

/** Answers the problem, if there is one. */
function readLine(stack: Open[], line: string, at: number): TextProblem | null {
  if (line === '') return fault('block_blank_line', at);
  const odd = /[\r\n\t]/.exec(line);
  if (odd !== null) return fault('block_control', at + odd.index, { found: odd[0] === '\t' ? 'TAB' : odd[0] === '\r' ? 'CR' : 'LF' });
  const closing = CLOSING.exec(line);
  if (closing !== null) {
    const expected = stack.length - 2;
    if (expected < 0) return fault('block_closed_twice', at);
    if (closing[1]!.length !== expected * 2) return fault('block_indent', at, { expected: expected * 2, found: closing[1]!.length });
    const { items, at: from, key } = stack.pop()!;
    stack.at(-1)!.items.push({ key, at: from, items });
    return null;
  }
  const match = LINE.exec(line);
  if (match === null) return fault('block_line', at, { found: line.trim().slice(0, 40) });
  const [, indent = '', key = '', value = ''] = match;
  const expected = (stack.length - 1) * 2;
  if (indent.length !== expected) return fault('block_indent', at, { expected, found: indent.length });
  const keyAt = at + indent.length;
  if (value !== '(') stack.at(-1)!.items.push({ key, at: keyAt, value, valueAt: at + line.length - value.length });
  else if (stack.length > DEEPEST) return fault('block_too_deep', at, { deepest: DEEPEST });
  else stack.push({ items: [], at: keyAt, key });
  return null;
}

/** What `writeBlocks` needs of an item. */
export type PlainItem = { readonly key: string; readonly value: string } | { readonly key: string; readonly items: readonly PlainItem[] };

export function writeBlocks(items: readonly PlainItem[]): string {
  return linesOf(items, '').join('\r\n');
}

function linesOf(items: readonly PlainItem[], indent: string): readonly string[] {
  return items.flatMap((item) =>
    'items' in item
      ? [`${indent}${item.key} = (`, ...linesOf(item.items, `${indent}  `), `${indent})`]
      : [`${indent}${item.key} = ${item.value}`],
  );
}
