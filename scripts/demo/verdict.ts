import { isMarkedAsRepeat, marksIn } from './told.ts';
import type { Due, Shown } from './told.ts';

/** What became of the operations, counted from the messages that really stand in chats. */
export interface Verdict {
  /** Operations that had to be told, and how many of them stand in their guest's chat. */
  readonly due: number;
  readonly found: number;
  readonly lost: readonly Due[];
  /** Told more than once without the mark, or more than once with it. */
  readonly doubled: readonly Due[];
  /** Told with the mark «possibly a repeat»; `arrivedTwice` of them had arrived without it before. */
  readonly repeated: number;
  readonly arrivedTwice: number;
  /** Operations told in a chat where they have no business. */
  readonly misplaced: readonly Due[];
}

interface Copies {
  plain: number;
  marked: number;
}

/** Throws when two operations of one chat can't be told apart: then nothing could be counted. */
export function judge(due: readonly Due[], messages: readonly Shown[]): Verdict {
  const wanted = new Set(due.map(keyOf));
  if (wanted.size < due.length)
    throw new Error('two operations of one guest have the same minute and amount: they can’t be told apart in the chat');
  const told = messages.flatMap(({ chatId, text }) => marksIn(text).map((mark) => ({ chatId, mark, repeat: isMarkedAsRepeat(text) })));
  const copies = new Map<string, Copies>(due.map((one) => [keyOf(one), { plain: 0, marked: 0 }]));
  for (const one of told) {
    const count = copies.get(keyOf(one));
    if (count !== undefined) count[one.repeat ? 'marked' : 'plain'] += 1;
  }
  const having = (fits: (count: Copies) => boolean): readonly Due[] => due.filter((one) => fits(copies.get(keyOf(one)) ?? NONE));
  const lost = having(({ plain, marked }) => plain + marked === 0);
  return {
    due: due.length,
    found: due.length - lost.length,
    lost,
    doubled: having(({ plain, marked }) => plain > 1 || marked > 1),
    repeated: having(({ marked }) => marked > 0).length,
    arrivedTwice: having(({ plain, marked }) => plain > 0 && marked > 0).length,
    misplaced: told.filter((one) => !wanted.has(keyOf(one))).map(({ chatId, mark }) => ({ chatId, mark })),
  };
}

export function isClean({ lost, doubled, misplaced }: Verdict): boolean {
  return lost.length + doubled.length + misplaced.length === 0;
}

const NONE: Copies = { plain: 0, marked: 0 };

function keyOf({ chatId, mark }: Due): string {
  return `${chatId} ${mark}`;
}
