import type { CustomerId, OperationId } from '../../src/core/glossary.ts';
import type { ChangedNote, JudgedNote } from '../../src/core/note.ts';
import type { Chat, KnownCustomer, Subscription } from '../../src/core/subscriber.ts';
import type { RefusedLink } from '../../src/core/subscription.ts';
import type { Account, Ledger } from '../../src/ports/ledger.ts';
import type { Operation } from '../../src/core/operation.ts';

type SubscriberCalls = Pick<
  Ledger,
  'findSubscribers' | 'saveUpdates' | 'savePoll' | 'readAccounts' | 'readNotes' | 'saveNotes' | 'mirrorNotes'
>;

/** The ledger's part that subscriptions need, in memory. Its maps are the truth and tests may change them. */
export interface FakeSubscribers extends SubscriberCalls {
  /** Ids of customers, and whether they are live. */
  readonly customers: Map<CustomerId, boolean>;
  readonly subscriptions: Map<CustomerId, Subscription>;
  readonly chats: Map<string, Chat>;
  readonly refused: Map<number, RefusedLink>;
  readonly accounts: Account[];
  readonly newest: Map<OperationId, Operation>;
  /** What stands in Tillypad's notes, and what we last saw or wrote. */
  readonly notes: Map<CustomerId, string>;
  readonly noted: Map<CustomerId, string>;
  offset: number | null;
  polls: number;
  /** False: whatever writes answers lock_lost. */
  locked: boolean;
  /** Customers whose note can't be written. */
  readonly unwritable: Set<CustomerId>;
}

export function makeSubscribers(customers: readonly CustomerId[]): FakeSubscribers {
  const write = (fake: FakeSubscribers, change: () => void): 'saved' | 'lock_lost' => {
    if (!fake.locked) return 'lock_lost';
    change();
    return 'saved';
  };
  const fake: FakeSubscribers = {
    customers: new Map(customers.map((id) => [id, true])),
    subscriptions: new Map(),
    chats: new Map(),
    refused: new Map(),
    accounts: [],
    newest: new Map(),
    notes: new Map(),
    noted: new Map(),
    offset: null,
    polls: 0,
    locked: true,
    unwritable: new Set(),
    findSubscribers: async (ids, chatIds) => ({
      customers: ids.filter((id) => fake.customers.has(id)).map((id) => knownCustomer(fake, id)),
      chats: chatIds.map((chatId) => ({
        chatId,
        language: fake.chats.get(chatId)?.language ?? null,
        subscriptions: [...fake.subscriptions.values()].filter((one) => one.chatId === chatId),
      })),
    }),
    saveUpdates: async (page) =>
      write(fake, () => {
        fake.offset = page.offset;
        for (const one of page.subscriptions) fake.subscriptions.set(one.customerId, one);
        for (const chat of page.chats) fake.chats.set(chat.chatId, chat);
        for (const one of page.refused) if (!fake.refused.has(one.updateId)) fake.refused.set(one.updateId, one);
      }),
    savePoll: async () =>
      write(fake, () => {
        fake.polls += 1;
      }),
    readAccounts: async (ids) => ({
      accounts: fake.accounts.filter((account) => ids.includes(account.customerId)),
      newest: [...fake.newest.values()].filter((operation) => ids.includes(operation.customerId)),
    }),
    readNotes: async (_noteType, limit) => changedNotes(fake).slice(0, limit),
    saveNotes: async (notes) => write(fake, () => notes.forEach((note) => saveNote(fake, note))),
    mirrorNotes: async (_noteType, limit) => mirror(fake, limit),
  };
  return fake;
}

function knownCustomer(fake: FakeSubscribers, id: CustomerId): KnownCustomer {
  return {
    id,
    name: `name of ${id}`,
    groupId: '',
    group: '',
    live: fake.customers.get(id) ?? false,
    subscription: fake.subscriptions.get(id) ?? null,
  };
}

function changedNotes(fake: FakeSubscribers): ChangedNote[] {
  return [...fake.customers.keys()]
    .map((customerId) => ({
      customerId,
      text: fake.notes.get(customerId) ?? null,
      noted: fake.noted.get(customerId) ?? null,
      subscription: fake.subscriptions.get(customerId) ?? null,
    }))
    .filter(({ customerId, text }) => text !== (fake.noted.get(customerId) ?? null));
}

function saveNote(fake: FakeSubscribers, { customerId, noted, subscription }: JudgedNote): void {
  if (noted === null) fake.noted.delete(customerId);
  else fake.noted.set(customerId, noted);
  if (subscription !== null) fake.subscriptions.set(customerId, subscription);
}

function mirror(
  fake: FakeSubscribers,
  limit: number,
): { readonly written: number; readonly failed: number; readonly detail: string | null } {
  const pending = [...fake.subscriptions.values()].filter((one) => one.state === 'active' && fake.notes.get(one.customerId) !== one.chatId);
  const page = pending
    .toSorted((a, b) => Number(fake.unwritable.has(a.customerId)) - Number(fake.unwritable.has(b.customerId)))
    .slice(0, limit);
  let written = 0;
  for (const { customerId, chatId } of page) {
    if (fake.unwritable.has(customerId)) continue;
    fake.notes.set(customerId, chatId);
    fake.noted.set(customerId, chatId);
    written += 1;
  }
  return { written, failed: page.length - written, detail: written < page.length ? 'a trigger said no' : null };
}
