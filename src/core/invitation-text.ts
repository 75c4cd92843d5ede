import type { Language } from './glossary.ts';
import { forDisplay, oneLine, plainText } from './multilingual.ts';
import { measureSms } from './segments.ts';
import type { SmsLength } from './segments.ts';
import type { SmsSettings } from './settings.ts';
import type { GatewayName } from './sms-outcome.ts';
import { PAYLOAD_LENGTH, startLink } from './start-payload.ts';
import { checkMessage, compileTemplate } from './template.ts';
import type { TemplateProblem, TemplateVariables } from './template.ts';

/**
 * What a template of an invitation may name. Nothing of the guest: staff write remarks into names, and a text of one length costs every
 * guest the same. The link isn't among them either: it always stands last, where no bracket or full stop can break it.
 */
export const INVITATION_VARIABLES: TemplateVariables = {
  restaurant: { kind: 'text' },
  hasRestaurant: { kind: 'choice', options: ['yes', 'no'] },
};

/** With a restaurant's name of 20 characters and a bot's of 20, each fits two segments: a test holds it. */
export const INVITATION_TEXTS: Readonly<Record<Language, string>> = {
  ru: '{hasRestaurant, select, yes {{restaurant}: операции} other {Операции}} по вашему счёту в Telegram',
  en: '{hasRestaurant, select, yes {{restaurant}: your} other {Your}} account operations in Telegram',
};

/** Of no bot in particular: what is counted before Telegram has told the bot's name. */
const USUAL_BOT = 'x'.repeat(20);

export interface InvitationWish {
  readonly texts: SmsSettings['text'];
  readonly language: Language;
  /** As the settings have it; '' = none. */
  readonly restaurant: string;
}

/** The whole SMS: the text, a blank, the link. Throws SyntaxError for a template that `checkInvitation` refuses. */
export function composeInvitation(wish: InvitationWish, link: string): string {
  const { texts, language } = wish;
  const restaurant = oneLine(forDisplay(plainText(wish.restaurant, language)));
  const text = compileTemplate(
    texts[language] ?? INVITATION_TEXTS[language],
    language,
  )({ restaurant, hasRestaurant: restaurant === '' ? 'no' : 'yes' });
  return `${text.trim()} ${link}`;
}

/** How long every guest's SMS is; without a bot's name, with one of 20 characters. All payloads are of one length and need no other alphabet. */
export function measureInvitation(
  wish: InvitationWish,
  at: { readonly operator: GatewayName; readonly username: string | null },
): SmsLength {
  return measureSms(sampleInvitation(wish, at.username), at.operator);
}

/** As a guest's own in every respect but the payload, which leads nowhere. */
export function sampleInvitation(wish: InvitationWish, username: string | null): string {
  return composeInvitation(wish, startLink(username ?? USUAL_BOT, 'A'.repeat(PAYLOAD_LENGTH)));
}

export function checkInvitation(text: string, language: Language): readonly TemplateProblem[] {
  return checkMessage(text, language, INVITATION_VARIABLES);
}
