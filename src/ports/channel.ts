import type { BotId, ChatId, Instant, Language } from '../core/glossary.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Update } from '../core/update.ts';

export type PullAnswer =
  | { readonly answer: 'updates'; readonly updates: readonly Update[] }
  | { readonly answer: 'unreachable' | 'unreadable' | 'server'; readonly detail: string }
  /** Another reader or a webhook takes this bot's updates. */
  | { readonly answer: 'conflict'; readonly why: 'webhook' | 'second_reader'; readonly detail: string }
  | { readonly answer: 'unusable'; readonly why: 'unauthorized' | 'malformed' | 'filtered'; readonly detail: string }
  | { readonly answer: 'limited'; readonly until: Instant };

export interface BotIdentity {
  readonly id: BotId;
  readonly username: string;
  readonly firstName: string;
}

export type IdentityAnswer = { readonly answer: 'bot'; readonly bot: BotIdentity } | Exclude<PullAnswer, { answer: 'updates' }>;

export interface OutgoingMessage {
  readonly chatId: ChatId;
  /** HTML as Telegram understands it, at most 4,096 characters after parsing. */
  readonly html: string;
  readonly silent: boolean;
}

/** Telegram, as the run sees it. Nothing here throws for what Telegram or the network does; the token is in no answer. */
export interface Channel {
  identify(): Promise<IdentityAnswer>;
  /** One page (≤ 100) of updates from the offset; null = from the queue's head. */
  pull(offset: number | null): Promise<PullAnswer>;
  /**
   * Sends one message. `mayBegin` is asked when the socket stands, right before the first byte: false = nothing is written and the
   * outcome is retry(not_begun). Surely not sent is `retry`; what can't be known is `in_doubt`; never a blind repeat.
   */
  send(message: OutgoingMessage, mayBegin: () => boolean): Promise<Outcome>;
  readWebhook(): Promise<
    { readonly answer: 'webhook'; readonly url: string; readonly pending: number } | Exclude<PullAnswer, { answer: 'updates' }>
  >;
  /** What waits for the next pull stays there. Done also where none was set. */
  deleteWebhook(): Promise<{ readonly answer: 'done' } | Exclude<PullAnswer, { answer: 'updates' }>>;
  setCommands(
    commands: readonly { readonly command: string; readonly description: string }[],
    language: Language | null,
  ): Promise<{ readonly answer: 'done' } | Exclude<PullAnswer, { answer: 'updates' }>>;
  /** Lets go of the sockets. */
  close(): void;
}
