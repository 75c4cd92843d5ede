import { groupVisits } from '../core/digest.ts';
import { composeNotice } from '../core/notice.ts';
import type { ComposedNotice } from '../core/notice.ts';
import { isTellable } from '../core/operation.ts';
import type { Outcome } from '../core/outcome.ts';
import { retryDelayMs } from '../core/retry.ts';
import type { TaskSettings } from '../core/settings.ts';
import { isSilent } from '../core/silence.ts';
import { wallToMs } from '../core/wall-time.ts';
import type { ClaimedNotice, FinishedNotice } from '../ports/deliveries.ts';
import type { CommonSettings } from './common.ts';
import type { RunApp } from './context.ts';

/** The database's clocks when the notice was claimed. */
export interface ClaimTime {
  readonly now: number;
  readonly wallNow: string;
}

/** What one notice is sent by: its own task's settings, and those that the claim was made with for all tasks of the bot. */
export interface ClaimedSend {
  readonly notice: ClaimedNotice;
  readonly settings: TaskSettings;
  readonly claim: CommonSettings['claim'];
  readonly at: ClaimTime;
}

type SendApp = Pick<RunApp, 'channel' | 'clock' | 'journal'>;

/** In test mode a row that was planned before and is for nobody on the allow-list is put aside for so long. */
const NOT_ALLOWED_MS = 3_600_000;

/**
 * One claimed notice's way to its guest: composed from the record read at claiming, sent once, its outcome a value. Operations that didn't fit
 * the message, or that the task tells apart, are released and come with the next one; so is all of it when the call never began.
 */
export async function send(app: SendApp, claimed: ClaimedSend, mayBegin: () => boolean): Promise<FinishedNotice> {
  const { notice, settings } = claimed;
  const frame = { attemptNo: notice.attemptNo, released: [], suspendChat: false, notBefore: null, length: 0 };
  if (settings.mode === 'test' && !settings.allow.includes(notice.customer.id)) {
    return { ...frame, outcome: notBegun('not on the allow-list of the test mode'), notBefore: app.clock.now() + NOT_ALLOWED_MS };
  }
  const message = compose(app, claimed);
  if ('refused' in message) {
    // Only what is wrong is refused: the others of a digest come with the next notice.
    const released = notice.operations.slice(message.refused).map((operation) => operation.row);
    return { ...frame, outcome: message.outcome, released };
  }
  const { composed, silent } = message;
  const outcome = mayBegin() ? await app.channel.send({ chatId: notice.chatId, html: composed.html, silent }, mayBegin) : notBegun('');
  const began = outcome.outcome !== 'retry' || outcome.code !== 'not_begun';
  return {
    ...frame,
    outcome,
    // What never began goes back as if it had not been claimed: it is no try, and no reason to let the notice grow too old.
    released: notice.operations.slice(began ? composed.used : 0).map((operation) => operation.row),
    suspendChat: outcome.outcome === 'refused' && outcome.whose === 'guest',
    notBefore: notBeforeOf(outcome, { tries: notice.tries, now: app.clock.now() }),
    length: composed.visibleLength,
  };
}

interface Message {
  readonly composed: ComposedNotice;
  readonly silent: boolean;
}

interface NoMessage {
  readonly outcome: Outcome;
  /** How many of the oldest operations it is about. */
  readonly refused: number;
}

/** A record that can't be told (a date that is none, say) is refused by itself: thrown, it would stop everybody else's notices for good. */
function compose(app: SendApp, claimed: ClaimedSend): Message | NoMessage {
  const { notice, settings, at } = claimed;
  const own = ownOperations(claimed);
  const bad = own.findIndex((operation) => !isTellable(operation));
  if (bad === 0) {
    app.journal.warn('record_unreadable', { task: settings.id, operation: own[0]?.id });
    return { outcome: { outcome: 'refused', code: 'bad_record', whose: 'ours', detail: '' }, refused: 1 };
  }
  const operations = bad < 0 ? own : own.slice(0, bad);
  try {
    const composed = composeNotice({
      operations,
      customer: notice.customer,
      groupAncestors: notice.groupAncestors,
      restaurant: settings.restaurant.name,
      language: notice.language ?? settings.guests.language,
      settings: settings.notice,
      repeat: notice.repeat,
      reference: at.wallNow,
    });
    if (composed.fallback !== null)
      app.journal.warn('notice_fallback', { task: settings.id, why: composed.fallback, operation: operations[0]?.id });
    const newest = operations.at(composed.used - 1)?.date ?? at.wallNow;
    const operationAgeMs = wallToMs(at.wallNow) - wallToMs(newest);
    return { composed, silent: isSilent({ instant: at.now, zone: settings.zone, hours: settings.telegram.silentHours, operationAgeMs }) };
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    app.journal.fail('notice_not_composed', {
      task: settings.id,
      operation: operations[0]?.id,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return { outcome: { outcome: 'refused', code: 'no_template', whose: 'ours', detail }, refused: operations.length };
  }
}

/** The operations as their own task tells them, where the claim was made with another task's digest or balance. What is repeated stays as it was. */
function ownOperations({ notice, settings, claim }: ClaimedSend): ClaimedNotice['operations'] {
  const { digestGapMs, balance } = settings.notice;
  const [visit] = notice.repeat || digestGapMs >= claim.digestGapMs ? [notice.operations] : groupVisits(notice.operations, digestGapMs);
  const operations = visit ?? notice.operations;
  return balance === claim.balance ? operations : operations.map((operation) => ({ ...operation, balanceAfter: null }));
}

function notBegun(detail: string): Outcome {
  return { outcome: 'retry', code: 'not_begun', notBefore: null, detail };
}

/** When a row that was surely not sent may be claimed again; what never began is due at once. */
function notBeforeOf(outcome: Outcome, tried: { readonly tries: number; readonly now: number }): number | null {
  if (outcome.outcome !== 'retry' || outcome.code === 'not_begun' || outcome.code === 'unusable') return null;
  return outcome.notBefore ?? tried.now + retryDelayMs(tried.tries);
}
