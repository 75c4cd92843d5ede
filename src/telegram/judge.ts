import type { Instant } from '../core/glossary.ts';
import type { Outcome } from '../core/outcome.ts';
import { judgeAskError, judgeSendError, silentUntil } from '../core/telegram-errors.ts';
import type { AskedInVain } from '../core/telegram-errors.ts';
import type { Exchange } from '../http/call.ts';
import { isRecord, readEnvelope, readId, readRetryAfter } from './envelope.ts';

type Answer = Extract<Exchange, { kind: 'answer' }>;
type Unknown = Extract<Exchange, { kind: 'unknown' }>;

/** Why a question got no answer, as the channel's port words it. */
export type InVain = AskedInVain | { readonly answer: 'unreachable'; readonly detail: string };

/** What became of a message. `retry` only where nothing can have been sent. */
export function judgeSend(exchange: Exchange, now: Instant): Outcome {
  switch (exchange.kind) {
    case 'not_sent':
      return { outcome: 'retry', code: exchange.why, notBefore: null, detail: exchange.detail };
    case 'unknown':
      return { outcome: 'in_doubt', code: doubtOf(exchange), detail: exchange.detail };
    case 'answer':
      return judgeSendAnswer(exchange, now);
  }
}

/** The result of a question, or why there is none. */
export function judgeAsk(exchange: Exchange, now: Instant): { readonly answer: 'result'; readonly result: unknown } | InVain {
  switch (exchange.kind) {
    case 'not_sent':
      return { answer: 'unreachable', detail: exchange.detail };
    case 'unknown': {
      const doubt = doubtOf(exchange);
      return { answer: doubt === 'server' || doubt === 'unreadable' ? doubt : 'unreachable', detail: exchange.detail };
    }
    case 'answer':
      return judgeAskAnswer(exchange, now);
  }
}

function judgeSendAnswer(answer: Answer, now: Instant): Outcome {
  const envelope = readEnvelope(answer, now);
  if (envelope.kind === 'error') return judgeSendError(envelope.error, now);
  const messageId = envelope.kind === 'result' && isRecord(envelope.result) ? readId(envelope.result['message_id']) : null;
  if (messageId !== null) return { outcome: 'delivered', messageId };
  const detail = describeForeign(answer);
  switch (judgeForeign(answer.status)) {
    case 'unreachable':
      return { outcome: 'retry', code: 'unreachable', notBefore: null, detail };
    case 'limited':
      return {
        outcome: 'retry',
        code: 'limited',
        notBefore: silentUntil({ retryAfterS: readRetryAfter(answer.header, now) }, now),
        detail,
      };
    case 'server':
      return { outcome: 'in_doubt', code: 'server', detail };
    case 'unreadable':
      return { outcome: 'in_doubt', code: 'unreadable', detail };
  }
}

function judgeAskAnswer(answer: Answer, now: Instant): ReturnType<typeof judgeAsk> {
  const envelope = readEnvelope(answer, now);
  if (envelope.kind === 'error') return judgeAskError(envelope.error, now);
  if (envelope.kind === 'result') return { answer: 'result', result: envelope.result };
  const foreign = judgeForeign(answer.status);
  if (foreign === 'limited') return { answer: 'limited', until: silentUntil({ retryAfterS: readRetryAfter(answer.header, now) }, now) };
  return { answer: foreign, detail: describeForeign(answer) };
}

/**
 * An answer that isn't Telegram's came from something in between: a proxy, a shield, a captive portal. Whether it passed the request on is its
 * secret, also under a 3xx or 4xx (some refuse the *answer*), so a message stays in doubt. Two statuses say by their meaning that the request
 * went no further: 407 and 429.
 */
function judgeForeign(status: number): 'unreachable' | 'limited' | 'server' | 'unreadable' {
  if (status === 407) return 'unreachable';
  if (status === 429) return 'limited';
  return status >= 500 ? 'server' : 'unreadable';
}

/** Of half an answer the status has come whole: a 5xx is one, with or without its page. */
function doubtOf({ why, status }: Unknown): 'timeout' | 'cut' | 'server' | 'unreadable' {
  if (why === 'timeout' || status === null) return why;
  return status >= 500 ? 'server' : 'unreadable';
}

/** A redirect's goal tells whose portal it is; the body is nobody's word and stays out. */
function describeForeign({ status, header }: Answer): string {
  const goal = status >= 300 && status < 400 ? header('location') : null;
  return goal === null ? `HTTP ${status}` : `HTTP ${status} to ${goal}`;
}
