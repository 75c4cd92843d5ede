import type { Instant } from './glossary.ts';
import type { Outcome, RefusalCode } from './outcome.ts';
import { silentUntil } from './retry-after.ts';

/** An answer by which Telegram itself says no: `{"ok":false, …}`. */
export interface TelegramError {
  /** Its `error_code`, which is the HTTP status as well. */
  readonly status: number;
  readonly description: string;
  /** Seconds of silence that a 429 asks for; null when it named none that can be read. */
  readonly retryAfterS: number | null;
}

/** What an error means for a question (who am I, what is new), as the channel's port words it. */
export type AskedInVain =
  | { readonly answer: 'unusable'; readonly why: 'unauthorized' | 'malformed' | 'filtered'; readonly detail: string }
  | { readonly answer: 'conflict'; readonly why: 'webhook' | 'second_reader'; readonly detail: string }
  | { readonly answer: 'limited'; readonly until: Instant }
  | { readonly answer: 'server' | 'unreadable'; readonly detail: string };

interface Refusal {
  readonly status: 400 | 403;
  readonly says: RegExp;
  readonly code: RefusalCode;
  readonly whose: 'guest' | 'ours';
}

/**
 * What Telegram says about one message, the first match counts. A chat that can't be written to is its guest's own affair, also where the id came
 * from a note that somebody filled in wrongly: its subscription is suspended, and the others go on.
 */
const REFUSALS: readonly Refusal[] = [
  { status: 403, says: /user is deactivated/i, code: 'deactivated', whose: 'guest' },
  { status: 403, says: /can't initiate conversation/i, code: 'not_started', whose: 'guest' },
  { status: 403, says: /blocked by the user|was kicked|is not a member/i, code: 'blocked', whose: 'guest' },
  { status: 403, says: /can't send messages to (?:the )?bots?/i, code: 'chat_not_found', whose: 'guest' },
  { status: 400, says: /user_deactivated|INPUT_USER_DEACTIVATED/i, code: 'deactivated', whose: 'guest' },
  { status: 400, says: /chat not found|user not found|peer_id_invalid|chat_id_invalid/i, code: 'chat_not_found', whose: 'guest' },
  { status: 400, says: /upgraded to a supergroup/i, code: 'migrated', whose: 'guest' },
  { status: 400, says: /too long|too_long/i, code: 'too_long', whose: 'ours' },
  {
    status: 400,
    says: /can't parse entities|text is empty|must be non-empty|must be encoded in utf-8|message_empty|entity_\w*invalid/i,
    code: 'bad_text',
    whose: 'ours',
  },
];

/**
 * What an error means for a message. Telegram's own word always says that nothing was sent, except for its 5xx. An error that isn't about the
 * message (token, method, a conflict) leaves the notice waiting; an unknown one about it is ours to look into.
 */
export function judgeSendError(error: TelegramError, now: Instant): Outcome {
  const { status } = error;
  const detail = tell(error);
  if (status === 429) return { outcome: 'retry', code: 'limited', notBefore: silentUntil(error, now), detail };
  if (status >= 500) return { outcome: 'in_doubt', code: 'server', detail };
  if (status !== 400 && status !== 403) return { outcome: 'retry', code: 'unusable', notBefore: null, detail };
  const known = REFUSALS.find((refusal) => refusal.status === status && refusal.says.test(error.description));
  return { outcome: 'refused', code: known?.code ?? 'bad_request', whose: known?.whose ?? 'ours', detail };
}

export function judgeAskError(error: TelegramError, now: Instant): AskedInVain {
  const { status } = error;
  const detail = tell(error);
  switch (status) {
    case 401:
      return { answer: 'unusable', why: 'unauthorized', detail };
    case 404:
      return { answer: 'unusable', why: 'malformed', detail };
    case 421:
      return { answer: 'unusable', why: 'filtered', detail };
    case 409:
      return { answer: 'conflict', why: /webhook/i.test(error.description) ? 'webhook' : 'second_reader', detail };
    case 429:
      return { answer: 'limited', until: silentUntil(error, now) };
    default:
      return { answer: status >= 500 ? 'server' : 'unreadable', detail };
  }
}

/** The seconds that a 429 names in words, where it names them nowhere else. */
export function secondsInWords(description: string): string | null {
  return /retry after (\d+)/i.exec(description)?.[1] ?? null;
}

function tell({ status, description }: TelegramError): string {
  return description === '' ? String(status) : `${status} ${description}`;
}
