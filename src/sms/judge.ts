import { silentUntil } from '../core/retry-after.ts';
import type { Instant } from '../core/glossary.ts';
import type { SmsVerdict } from '../core/sms-codes/verdict.ts';
import type { SmsDoubtCode, SmsOutcome } from '../core/sms-outcome.ts';
import { describeForeign, doubtOf, judgeForeign, parseJson, readRetryAfter } from '../http/answer.ts';
import type { WholeAnswer } from '../http/answer.ts';
import type { Exchange } from '../http/call.ts';
import type { Scrub } from '../http/scrub.ts';
import type { GatewayTrouble } from '../ports/gateway.ts';
import { keep } from './fields.ts';

/** An operator's answer as JSON, with the HTTP status it came under. */
export interface Reply {
  readonly status: number;
  readonly json: unknown;
}

/** `read` answers null for what isn't the operator's own word. */
interface Reading<T> {
  readonly now: Instant;
  readonly scrub: Scrub;
  readonly read: (reply: Reply) => T | null;
}

/** What became of an SMS. `later` only where nothing can have been sent. */
export function judgeSend(exchange: Exchange, { now, scrub, read }: Reading<SmsOutcome>): SmsOutcome {
  switch (exchange.kind) {
    case 'not_sent':
      return { outcome: 'later', code: exchange.why, notBefore: null, detail: scrub(exchange.detail) };
    case 'unknown':
      return inDoubt(doubtOf(exchange), scrub(exchange.detail));
    case 'answer': {
      const outcome = judgeWhole(exchange, { now, read }) ?? inDoubt('unreadable', describe(exchange));
      return { ...outcome, detail: scrub(outcome.detail) };
    }
  }
}

function judgeWhole(answer: WholeAnswer, { now, read }: Pick<Reading<SmsOutcome>, 'now' | 'read'>): SmsOutcome | null {
  const detail = describe(answer);
  const foreign = judgeForeign(answer.status);
  // An SMS is never paid for twice because of a status that its own answer contradicts.
  if ((foreign === 'unreachable' || foreign === 'limited') && saysYes(answer, read)) return inDoubt('unreadable', detail);
  switch (foreign) {
    case 'unreachable':
      return { outcome: 'later', code: 'unreachable', notBefore: null, detail };
    case 'limited':
      return { outcome: 'later', code: 'limited', notBefore: silence(answer, now), detail };
    case 'server':
      return inDoubt('server', detail);
    case 'unreadable': {
      const reply = readReply(answer);
      return reply === null ? null : read(reply);
    }
  }
}

function saysYes(answer: WholeAnswer, read: Reading<SmsOutcome>['read']): boolean {
  const reply = readReply(answer);
  return reply !== null && read({ ...reply, status: 200 })?.outcome === 'accepted';
}

/** The answer to a question, or why there is none. */
export function judgeAsk<T extends { readonly answer: string }>(
  exchange: Exchange,
  { now, scrub, read }: Reading<T | GatewayTrouble>,
): T | GatewayTrouble {
  switch (exchange.kind) {
    case 'not_sent':
      return { answer: 'unreachable', detail: scrub(exchange.detail) };
    case 'unknown': {
      const doubt = doubtOf(exchange);
      return { answer: doubt === 'server' || doubt === 'unreadable' ? doubt : 'unreachable', detail: scrub(exchange.detail) };
    }
    case 'answer': {
      const foreign = judgeForeign(exchange.status);
      if (foreign === 'limited') return { answer: 'limited', until: silence(exchange, now) };
      if (foreign !== 'unreadable') return { answer: foreign, detail: scrub(describe(exchange)) };
      const reply = readReply(exchange);
      const answer = (reply === null ? null : read(reply)) ?? { answer: 'unreadable', detail: describe(exchange) };
      return 'detail' in answer && typeof answer.detail === 'string' ? { ...answer, detail: scrub(answer.detail) } : answer;
    }
  }
}

export function inDoubt(code: SmsDoubtCode, detail: string): SmsOutcome {
  return { outcome: 'in_doubt', code, detail };
}

/** What is known of an accepted SMS beyond that it was. */
export type Accepted = Omit<Extract<SmsOutcome, { outcome: 'accepted' }>, 'outcome' | 'detail'>;

/** A verdict of the tables as an outcome; `accepted` null = nothing in the answer says that it is about our SMS. */
export function toOutcome(
  verdict: SmsVerdict,
  { accepted, detail }: { readonly accepted: Accepted | null; readonly detail: string },
): SmsOutcome {
  switch (verdict.verdict) {
    case 'accepted':
      if (accepted === null) return inDoubt('mismatch', detail);
      return { outcome: 'accepted', ...accepted, warning: accepted.warning ?? verdict.warning, detail };
    case 'refused':
      return { outcome: 'refused', whose: verdict.whose, code: verdict.code, detail };
    case 'later':
      return { outcome: 'later', code: verdict.code, notBefore: null, detail };
    case 'in_doubt':
      return inDoubt(verdict.code, detail);
  }
}

/** A verdict that answers a question; what refuses an SMS makes the account unusable for asking, whosoever's fault it is. */
export function toTrouble(verdict: SmsVerdict, { now, detail }: { readonly now: Instant; readonly detail: string }): GatewayTrouble {
  switch (verdict.verdict) {
    case 'refused':
      return { answer: 'unusable', code: verdict.code, detail };
    case 'later':
      return verdict.code === 'limited'
        ? { answer: 'limited', until: silentUntil({ retryAfterS: null }, now) }
        : { answer: 'server', detail };
    case 'in_doubt':
      return { answer: verdict.code, detail };
    case 'accepted':
      return { answer: 'unreadable', detail };
  }
}

/** A redirect's page is nobody's word, whatever it says. */
function readReply({ status, body }: WholeAnswer): Reply | null {
  const json = parseJson(body);
  return json === undefined || (status >= 300 && status < 400) ? null : { status, json };
}

/** JSON of another shape is kept as far as it goes, for whoever has to find out what the operator meant. */
function describe(answer: WholeAnswer): string {
  const json = parseJson(answer.body);
  const foreign = describeForeign(answer);
  return json === undefined ? foreign : `${foreign} ${keep(json)}`;
}

function silence({ header }: WholeAnswer, now: Instant): Instant {
  return silentUntil({ retryAfterS: readRetryAfter(header, now) }, now);
}
