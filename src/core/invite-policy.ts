import type { Instant, Language, WallTime } from './glossary.ts';
import { heldUntil } from './invite-hours.ts';
import type { InvitationSkip } from './invitation.ts';
import { choosePhone } from './phone.ts';
import type { SmsSettings, TaskSettings } from './settings.ts';
import type { SubscriptionState } from './glossary.ts';
import { diffWall } from './wall-time.ts';

const DAY_MS = 86_400_000;

/** What of a customer decides; the ledger's record of one has all of it. */
export interface Inviteable {
  readonly live: boolean;
  readonly language: Language | null;
  readonly phones: readonly string[];
  readonly subscription: SubscriptionState | null;
  readonly noted: boolean;
  readonly mayInvite: boolean;
  readonly consented: boolean;
  readonly operation: { readonly date: WallTime };
  readonly past: { readonly sent: number; readonly lastAt: Instant | null; readonly segments: number; readonly waiting: boolean };
}

export interface Weighing {
  readonly settings: Pick<TaskSettings, 'zone' | 'guests' | 'sms'>;
  /** The database's clocks. */
  readonly now: Instant;
  readonly wallNow: WallTime;
  /** Segments of the SMS in each language, by the operator's counting. */
  readonly segments: Readonly<Record<Language, number>>;
}

/** `reason` null: an invitation waits already, a further operation adds nothing. */
export type InviteVerdict =
  | {
      readonly verdict: 'planned';
      readonly number: string;
      readonly language: Language;
      readonly segments: number;
      /** Night: not before. Null = at once. */
      readonly notBefore: Instant | null;
    }
  | { readonly verdict: 'skipped'; readonly reason: InvitationSkip | null };

/**
 * Whether a customer is invited, to which number and when. Asked twice, when an operation asks for the invitation and once more with everything
 * read afresh right before the call: between the two lie nights and budgets.
 */
export function weighInvitee(invitee: Inviteable, weighing: Weighing): InviteVerdict {
  const { settings, now, wallNow } = weighing;
  const { sms, zone, guests } = settings;
  const unwanted = findUnwanted(invitee, sms, now);
  if (unwanted !== 'invited') return { verdict: 'skipped', reason: unwanted };
  const phone = choosePhone(invitee.phones, sms.countries);
  if (!phone.ok) return { verdict: 'skipped', reason: phone.reason };
  const language = invitee.language ?? guests.language;
  const segments = weighing.segments[language];
  if (segments > sms.maxSegments) return { verdict: 'skipped', reason: 'too_long' };
  if (invitee.past.segments + segments > sms.caps.customer) return { verdict: 'skipped', reason: 'customer_cap' };
  const operationAgeMs = diffWall(wallNow, invitee.operation.date);
  return {
    verdict: 'planned',
    number: phone.number,
    language,
    segments,
    notBefore: heldUntil({ now, zone, hours: sms.hours, operationAgeMs }),
  };
}

function findUnwanted(invitee: Inviteable, sms: SmsSettings, now: Instant): InvitationSkip | null | 'invited' {
  if (!invitee.live) return 'gone';
  // Whatever became of it: who said stop or blocked the bot has answered.
  if (invitee.subscription !== null) return 'subscribed';
  if (invitee.noted) return 'noted';
  if (!invitee.mayInvite) return 'not_allowed';
  if (!invitee.consented) return 'no_consent';
  if (invitee.past.waiting) return null;
  return isDue(invitee.past, sms.intervals, now) ? 'invited' : 'interval';
}

/** The first at once, each further one after its interval. A last one that lies in the future (a clock set back) is not over yet. */
function isDue({ sent, lastAt }: Inviteable['past'], intervals: readonly number[], now: Instant): boolean {
  if (sent === 0) return true;
  const days = intervals[sent - 1];
  return days !== undefined && lastAt !== null && lastAt + days * DAY_MS <= now;
}
