import type { ChatId } from './glossary.ts';

/** What this program understands of one Telegram update; all else is `other` and only moves the offset. */
export type Update =
  | {
      readonly kind: 'message';
      readonly updateId: number;
      readonly chatId: ChatId;
      readonly chatType: string;
      readonly text: string;
      /** IETF tag of the sender's Telegram, if it is told. */
      readonly languageCode: string | null;
      /** Telegram's date of the message, seconds since 1970 UTC. */
      readonly date: number;
    }
  | {
      readonly kind: 'membership';
      readonly updateId: number;
      readonly chatId: ChatId;
      readonly chatType: string;
      readonly status: 'blocked' | 'back';
      readonly date: number;
    }
  | { readonly kind: 'other'; readonly updateId: number };
