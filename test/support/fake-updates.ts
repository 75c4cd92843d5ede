import type { Update } from '../../src/core/update.ts';
import type { Channel, PullAnswer } from '../../src/ports/channel.ts';

type Written =
  | { readonly kind: 'message'; readonly chatId: string; readonly text: string; readonly chatType?: string }
  | { readonly kind: 'membership'; readonly chatId: string; readonly status: 'blocked' | 'back' };

/** A bot's queue of updates as Telegram keeps it: an offset confirms, and so forgets, all that is below it. */
export interface FakeUpdates extends Pick<Channel, 'pull'> {
  readonly queue: Update[];
  /** Offsets of all polls so far. */
  readonly polls: (number | null)[];
  /** Answers given instead of a page, one a poll. */
  readonly instead: (PullAnswer | null)[];
  /** Called at each poll with what it forgets. */
  onConfirm: (confirmed: readonly Update[]) => void;
  nextId: number;
  add(written: Written): Update;
}

export function makeUpdates(firstId = 500): FakeUpdates {
  const fake: FakeUpdates = {
    queue: [],
    polls: [],
    instead: [],
    onConfirm: () => {},
    nextId: firstId,
    add: (written) => {
      const base = { updateId: fake.nextId, date: 0, chatType: 'private' };
      const update: Update = written.kind === 'message' ? { ...base, languageCode: null, ...written } : { ...base, ...written };
      fake.nextId += 1;
      fake.queue.push(update);
      return update;
    },
    pull: async (offset) => {
      fake.polls.push(offset);
      const instead = fake.instead.shift();
      if (instead !== undefined && instead !== null) return instead;
      // An offset far beyond the queue's end is one of another time: Telegram starts from the head.
      const valid = offset !== null && offset <= fake.nextId + 10;
      if (valid) {
        fake.onConfirm(fake.queue.filter((update) => update.updateId < offset));
        fake.queue.splice(0, fake.queue.length, ...fake.queue.filter((update) => update.updateId >= offset));
      }
      return { answer: 'updates', updates: fake.queue.slice(0, 100) };
    },
  };
  return fake;
}
