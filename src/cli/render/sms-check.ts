import type { TaskId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { GatewayName } from '../../core/sms-outcome.ts';
import type { Language } from '../../core/glossary.ts';
import type { SmsPrice } from '../ask-gateway.ts';
import { sayFinding } from './desk-findings.ts';
import { OPERATOR_NAMES, sayReason, showRoubles } from './invitation-words.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showName } from './shown.ts';
import type { Viewer } from './when.ts';

/** An operator's account as it answered. Null = it didn't say. */
export interface CheckedGateway {
  readonly operator: GatewayName;
  readonly tasks: readonly TaskId[];
  /** As the settings have it; '' = none. */
  readonly sender: string;
  readonly balance: string | null;
  readonly senders: readonly string[] | null;
  readonly approved: boolean | null;
  readonly price: SmsPrice | null;
  /** Invitations that the balance pays for. */
  readonly enoughFor: number | null;
  readonly findings: readonly Finding[];
}

export const SMS_CHECK_LINES = {
  head: { en: '{operator} ({tasks})', ru: '{operator} ({tasks})' },
  balance: { en: 'balance: {roubles}', ru: 'баланс: {roubles}' },
  approved: { en: 'sender: {sender}, approved', ru: 'отправитель: {sender}, имя согласовано' },
  refused: { en: 'sender: {sender}, not approved', ru: 'отправитель: {sender}, имя не согласовано' },
  unsaid: {
    en: 'sender: {sender}; whether it is approved, the operator doesn’t say',
    ru: 'отправитель: {sender}; согласовано ли имя, оператор не говорит',
  },
  none: { en: 'sender: none', ru: 'отправитель: не задан' },
  senders: { en: 'names in the account: {names}', ru: 'имена в учётной записи: {names}' },
  priceOfOperator: {
    en: '{segments, plural, one {# segment} other {# segments}}, {roubles} by the operator’s word',
    ru: '{segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}, {roubles} по ответу оператора',
  },
  priceOfSettings: {
    en: '{segments, plural, one {# segment} other {# segments}}, {roubles} by sms.price',
    ru: '{segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}, {roubles} по sms.price',
  },
  priceUnknown: {
    en: '{segments, plural, one {# segment} other {# segments}}; the operator tells no price, put it into sms.price',
    ru: '{segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}; цену оператор не сообщает, укажите её в sms.price',
  },
  priceUntold: {
    en: '{segments, plural, one {# segment} other {# segments}}; the price could not be learnt ({why})',
    ru: '{segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}; цену узнать не удалось ({why})',
  },
  invitation: { en: 'an invitation: {price}', ru: 'приглашение: {price}' },
  enough: {
    en: 'the balance pays for {n, plural, one {# invitation} other {# invitations}}',
    ru: 'баланса хватит на {n, plural, one {# приглашение} few {# приглашения} many {# приглашений} other {# приглашения}}',
  },
} satisfies Record<string, Sentence>;

const MOST_NAMES = 20;

export function renderChecked(gateways: readonly CheckedGateway[], viewer: Viewer): string {
  return gateways.map((gateway) => renderOne(gateway, viewer)).join('\n\n');
}

function renderOne(gateway: CheckedGateway, viewer: Viewer): string {
  const { language } = viewer;
  const { operator, tasks, balance, senders, price, enoughFor, findings } = gateway;
  const names = senders?.slice(0, MOST_NAMES).map((name) => showName(name, language)) ?? [];
  return [
    say(SMS_CHECK_LINES.head, language, { operator: OPERATOR_NAMES[operator], tasks: tasks.join(', ') }),
    ...indent([
      ...(balance === null ? [] : [say(SMS_CHECK_LINES.balance, language, { roubles: showRoubles(balance, language) })]),
      ...(balance === null ? [] : [senderLine(gateway, language)]),
      ...(names.length === 0 ? [] : [say(SMS_CHECK_LINES.senders, language, { names: names.join(', ') })]),
      ...(price === null ? [] : [say(SMS_CHECK_LINES.invitation, language, { price: showPrice(price, language) })]),
      ...(enoughFor === null || enoughFor === 0 ? [] : [say(SMS_CHECK_LINES.enough, language, { n: enoughFor })]),
      ...findings.map((finding) => sayFinding(finding, viewer)),
    ]),
  ].join('\n');
}

function senderLine({ sender, approved }: CheckedGateway, language: Language): string {
  if (sender === '') return say(SMS_CHECK_LINES.none, language);
  const sentence = approved === null ? SMS_CHECK_LINES.unsaid : approved ? SMS_CHECK_LINES.approved : SMS_CHECK_LINES.refused;
  return say(sentence, language, { sender: showName(sender, language) });
}

export function showPrice({ segments, roubles, from, why }: SmsPrice, language: Language): string {
  if (roubles === null && why !== null) return say(SMS_CHECK_LINES.priceUntold, language, { segments, why: sayReason(why, language) });
  if (roubles === null) return say(SMS_CHECK_LINES.priceUnknown, language, { segments });
  const sentence = from === 'operator' ? SMS_CHECK_LINES.priceOfOperator : SMS_CHECK_LINES.priceOfSettings;
  return say(sentence, language, { segments, roubles: showRoubles(roubles, language) });
}
