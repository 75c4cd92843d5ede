import type { Instant } from '../core/glossary.ts';
import type { Outcome } from '../core/outcome.ts';
import { silentUntil } from '../core/retry-after.ts';
import { judgeAskError, judgeSendError } from '../core/telegram-errors.ts';
import type { AskedInVain } from '../core/telegram-errors.ts';
import { describeForeign, doubtOf, isRecord, judgeForeign, readRetryAfter } from '../http/answer.ts';
import type { WholeAnswer } from '../http/answer.ts';
import type { Exchange } from '../http/call.ts';
import { readEnvelope, readId } from './envelope.ts';

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

function judgeSendAnswer(answer: WholeAnswer, now: Instant): Outcome {
  const envelope = readEnvelope(answer, now);
  if (envelope.kind === 'error') return judgeSendError(envelope.error, now);
  const messageId = envelope.kind === 'result' && isRecord(envelope.result) ? readId(envelope.result['message_id']) : null;
  if (messageId !== null) return { outcome: 'delivered', messageId };
  const detail = describeForeign(answer);
  // Also under a 429: repeated for its sake, the guest might be told twice.
  if (envelope.kind === 'contradiction') return { outcome: 'in_doubt', code: answer.status >= 500 ? 'server' : 'unreadable', detail };
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

function judgeAskAnswer(answer: WholeAnswer, now: Instant): ReturnType<typeof judgeAsk> {
  const envelope = readEnvelope(answer, now);
  if (envelope.kind === 'error') return judgeAskError(envelope.error, now);
  if (envelope.kind === 'result') return { answer: 'result', result: envelope.result };
  const foreign = judgeForeign(answer.status);
  if (foreign === 'limited') return { answer: 'limited', until: silentUntil({ retryAfterS: readRetryAfter(answer.header, now) }, now) };
  return { answer: foreign, detail: describeForeign(answer) };
}
