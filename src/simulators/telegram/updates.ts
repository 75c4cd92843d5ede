import type { Instant } from '../../core/glossary.ts';

/** Kinds of updates that this simulator makes. */
export type UpdateKind = 'message' | 'my_chat_member';

/** An update as it will be answered. */
interface PendingUpdate {
  readonly id: number;
  readonly expiresAt: Instant;
  readonly json: string;
}

const RETENTION_MS = 86_400_000;
/** An offset further beyond the newest id than this is taken for a mistake and answered from the oldest update. */
const FUTURE_SLACK = 10;

/** A bot's updates, oldest first, with Telegram's rules for offsets (tddb/td/db/TQueue.cpp). */
export interface Updates {
  /** Not yet confirmed and not yet expired. */
  pending(): number;
  /** Drops it when the bot didn't ask for this kind. */
  push(kind: UpdateKind, body: string): void;
  /** Forgets what the offset confirms and gives up to `limit` of the rest; the offset comes back as the server understood it. */
  take(offset: number, limit: number): { readonly offset: number; readonly updates: readonly string[] };
  /** Names other than ours don't matter; an empty list, and one of unknown names only, means the default: all kinds. */
  allow(kinds: readonly string[]): void;
  /** Ids go on from here, as after a week without updates; what was unconfirmed has expired by then. */
  restart(nextId: number): void;
  clear(): void;
}

/** Called on each new update, to wake the one who waits for it. */
export function createUpdates(firstId: number, { now, wake }: { now: () => Instant; wake: () => void }): Updates {
  let nextId = firstId;
  let pending: PendingUpdate[] = [];
  let head = 0;
  let allowed: ReadonlySet<string> | null = null;

  const dropTo = (place: number): void => {
    head = Math.min(place, pending.length);
    if (head > 1_000 && head * 2 > pending.length) {
      pending = pending.slice(head);
      head = 0;
    }
  };
  const expire = (): void => {
    const moment = now();
    let place = head;
    while (place < pending.length && (pending[place] as PendingUpdate).expiresAt <= moment) place += 1;
    dropTo(place);
  };

  return {
    pending: () => {
      expire();
      return pending.length - head;
    },
    push: (kind, body) => {
      if (allowed !== null && !allowed.has(kind)) return;
      pending.push({ id: nextId, expiresAt: now() + RETENTION_MS, json: `{"update_id":${nextId},"${kind}":${body}}` });
      nextId += 1;
      wake();
    },
    take: (asked, limit) => {
      expire();
      if (asked < 0) dropTo(Math.max(head, pending.length + asked));
      const oldest = pending[head]?.id ?? nextId;
      const sound = asked > 0 && asked <= nextId + FUTURE_SLACK;
      const offset = asked > 0 ? asked : oldest;
      if (sound) {
        let place = head;
        while (place < pending.length && (pending[place] as PendingUpdate).id < offset) place += 1;
        dropTo(place);
      }
      return { offset, updates: pending.slice(head, head + limit).map((update) => update.json) };
    },
    allow: (kinds) => {
      const known = kinds.filter((kind) => kind === 'message' || kind === 'my_chat_member' || OTHER_KINDS.has(kind));
      allowed = known.length === 0 ? null : new Set(known);
    },
    restart: (id) => {
      pending = [];
      head = 0;
      nextId = id;
    },
    clear: () => {
      pending = [];
      head = 0;
    },
  };
}

/** Kinds that Telegram knows and this simulator never makes; naming only such ones silences the bot. */
const OTHER_KINDS = new Set(
  (
    'edited_message channel_post edited_channel_post inline_query chosen_inline_result callback_query custom_event custom_query ' +
    'shipping_query pre_checkout_query poll poll_answer chat_member chat_join_request chat_boost removed_chat_boost message_reaction ' +
    'message_reaction_count business_connection business_message edited_business_message deleted_business_messages purchased_paid_media'
  ).split(' '),
);
