/**
 * The life of an invitation. planned: waits for its time, for budget or for its turn · sending: its one call is under way · accepted: the operator
 * took it · refused: the operator did not, for this number · in_doubt: it can't be known, counts as sent and is never repeated · skipped: not sent
 * at all. Final: accepted, refused, in_doubt (unless a person resolves it), skipped.
 */
export const INVITATION_STATES = ['planned', 'sending', 'accepted', 'refused', 'in_doubt', 'skipped'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/**
 * Why a customer is not invited. no_phone: no field holds one · bad_phone: none of them can get an SMS, or none in the allowed countries ·
 * interval: the last invitation is too recent, or it was the last there is · noted: a note names a chat · no_consent · not_allowed: `may_invite` ·
 * subscribed: meanwhile, or once · gone: the customer is no more · customer_cap: this customer's segments of a year are spent · too_long: the text
 * doesn't fit `maxSegments`.
 */
export const INVITATION_SKIPS = [
  'no_phone',
  'bad_phone',
  'interval',
  'noted',
  'no_consent',
  'not_allowed',
  'subscribed',
  'gone',
  'customer_cap',
  'too_long',
] as const;
export type InvitationSkip = (typeof INVITATION_SKIPS)[number];
