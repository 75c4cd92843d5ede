import type { InvitationStory } from '../../ports/invitations.ts';
import type { MaskedInvitation } from '../masked-invitation.ts';
import { DELIVERY_TEXTS } from './delivery.ts';
import { INVITATION_STATE_WORDS, OPERATOR_NAMES, sayReason, showRoubles, SMS_STATUS_WORDS } from './invitation-words.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail } from './shown.ts';
import { showInstant } from './when.ts';
import type { Viewer } from './when.ts';

export const INVITATIONS_TEXTS = {
  none: { en: 'There are no such invitations.', ru: 'Таких приглашений нет.' },
  row: { en: '{row}. {guest} {number}: {fate}', ru: '{row}. {guest} {number}: {fate}' },
  fate: { en: '{state}{reason}, {at}{notBefore}', ru: '{state}{reason}, {at}{notBefore}' },
  notBefore: { en: ', not before {at}', ru: ', не раньше {at}' },
  sms: {
    en: '{operator}, {segments, plural, one {# segment} other {# segments}}{cost}{id}{status}',
    ru: '{operator}, {segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}{cost}{id}{status}',
  },
  id: { en: ', its id {id}', ru: ', номер у оператора {id}' },
  status: { en: ', {status} ({code})', ru: ', {status} ({code})' },
  detail: { en: '{operator}: {detail}', ru: '{operator}: {detail}' },
  place: { en: 'customer {customer}, operation {operation}', ru: 'клиент {customer}, операция {operation}' },
} satisfies Record<string, Sentence>;

export function renderInvitations(shown: readonly MaskedInvitation[], viewer: Viewer): string {
  return shown.length === 0 ? say(INVITATIONS_TEXTS.none, viewer.language) : renderInvitationRows(shown, viewer).join('\n');
}

export function renderInvitationRows(shown: readonly MaskedInvitation[], viewer: Viewer): string[] {
  const { language } = viewer;
  return shown.flatMap((one) => [
    say(INVITATIONS_TEXTS.row, language, {
      row: String(one.row),
      guest: one.guest,
      number: one.number ?? '–',
      fate: renderFate(one, viewer),
    }),
    ...indent([
      ...renderSms(one, viewer),
      say(INVITATIONS_TEXTS.place, language, { customer: one.customerId, operation: one.operationId }),
    ]),
  ]);
}

/** «taken by the operator, 24.11.2026 12:00:05». */
export function renderFate(one: Omit<InvitationStory, 'customerName'>, viewer: Viewer): string {
  const { language } = viewer;
  const { state, reason, sentAt, plannedAt, notBefore } = one;
  return say(INVITATIONS_TEXTS.fate, language, {
    state: say(INVITATION_STATE_WORDS[state], language),
    reason: reason === null ? '' : `: ${sayReason(reason, language)}`,
    at: showInstant(sentAt ?? plannedAt, viewer),
    notBefore:
      state !== 'planned' || notBefore === null ? '' : say(INVITATIONS_TEXTS.notBefore, language, { at: showInstant(notBefore, viewer) }),
  });
}

/** What the operator has to do with it, and in its own words. */
export function renderSms(one: Omit<InvitationStory, 'customerName'>, { language }: Viewer): string[] {
  const { gateway, segments, cost, gatewayId, status, statusCode, detail, resolved } = one;
  if (gateway === null) return [];
  const operator = OPERATOR_NAMES[gateway];
  const line = say(INVITATIONS_TEXTS.sms, language, {
    operator,
    segments: segments ?? 0,
    cost: cost === null ? '' : `, ${showRoubles(cost, language)}`,
    id: gatewayId === null ? '' : say(INVITATIONS_TEXTS.id, language, { id: gatewayId }),
    status:
      status === null
        ? ''
        : say(INVITATIONS_TEXTS.status, language, { status: say(SMS_STATUS_WORDS[status], language), code: statusCode ?? '' }),
  });
  const words = detail === null || detail === '' ? [] : [say(INVITATIONS_TEXTS.detail, language, { operator, detail: showDetail(detail) })];
  const settled = resolved === null ? [] : [say(DELIVERY_TEXTS.resolved, language, { text: showDetail(resolved) })];
  return [line, ...words, ...settled];
}
