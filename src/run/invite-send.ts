import type { Instant, WallTime } from '../core/glossary.ts';
import { composeInvitation } from '../core/invitation-text.ts';
import { weighInvitee } from '../core/invite-policy.ts';
import { retryDelayMs } from '../core/retry.ts';
import type { SmsOutcome } from '../core/sms-outcome.ts';
import { makePayload, startLink } from '../core/start-payload.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { Keyring } from '../ports/host.ts';
import type { ClaimedInvitation, FinishedInvitation } from '../ports/invitations.ts';
import { segmentsOf } from './inviting.ts';
import type { InvitingTask } from './inviting.ts';

export interface ClaimedSms {
  readonly claimed: ClaimedInvitation;
  /** Of the claim: our reference is made of it. */
  readonly claimId: string;
  readonly task: InvitingTask;
  readonly botId: string;
  readonly username: string;
  readonly keys: Keyring;
  /** The database's clocks when it was claimed. */
  readonly now: Instant;
  readonly wallNow: WallTime;
}

/**
 * One claimed invitation's way: decided anew from the record read at claiming, and sent once. A night that has begun meanwhile, or a text that has
 * grown beyond what was claimed, sends it back without a try.
 */
export async function sendInvitation(
  gateway: Pick<Gateway, 'send'>,
  sms: ClaimedSms,
  mayBegin: () => boolean,
): Promise<FinishedInvitation> {
  const { claimed, task, now, wallNow, username } = sms;
  const { row, invitee } = claimed;
  const frame = { row, gateway: task.sms.operator, number: claimed.number, segments: claimed.segments, text: '', notBefore: null };
  const verdict = weighInvitee(invitee, { settings: task, now, wallNow, segments: segmentsOf(task, username) });
  // Of two for one customer the ledger lets only one wait; should there be two, the interval keeps the second back.
  if (verdict.verdict === 'skipped') return { ...frame, result: { outcome: 'skipped', reason: verdict.reason ?? 'interval' } };
  const { number, segments, notBefore, language } = verdict;
  if (notBefore !== null || segments > claimed.segments) return { ...frame, result: { outcome: 'released', segments, notBefore } };
  const payload = makePayload(invitee.customer.id, { keys: sms.keys, botId: sms.botId, epoch: invitee.epoch });
  const wish = { texts: task.sms.text, language, restaurant: task.restaurant.name };
  const text = composeInvitation(wish, startLink(username, payload));
  const result: SmsOutcome = mayBegin()
    ? await gateway.send({ number, text, reference: makeReference(row, sms.claimId) }, mayBegin)
    : { outcome: 'later', code: 'not_begun', notBefore: null, detail: '' };
  return { ...frame, number, segments, text, result, notBefore: notBeforeOf(result, { tries: claimed.tries, now }) };
}

/**
 * Ours for this one call, 20 characters at most: the row, and a part of the claim, which a ledger set back in time can't give a second time. An
 * operator that knows a reference already answers for the SMS it belongs to.
 */
function makeReference(row: number, claimId: string): string {
  const tail = claimId.replaceAll(/[^\da-z]/giu, '').slice(0, 6);
  return `tp-${row}-${tail}`.slice(0, 20);
}

function notBeforeOf(result: SmsOutcome, tried: { readonly tries: number; readonly now: Instant }): Instant | null {
  const wait = tried.now + retryDelayMs(tried.tries);
  if (result.outcome === 'refused') return result.whose === 'everybody' ? wait : null;
  if (result.outcome !== 'later' || result.code === 'not_begun') return null;
  return Math.max(result.notBefore ?? 0, wait);
}
