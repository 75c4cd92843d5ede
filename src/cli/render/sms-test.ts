import type { Language } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { GatewayName, SmsOutcome } from '../../core/sms-outcome.ts';
import type { SmsPrice } from '../ask-gateway.ts';
import { sayFinding } from './desk-findings.ts';
import { OPERATOR_NAMES, sayReason } from './invitation-words.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail, showName } from './shown.ts';
import { showPrice } from './sms-check.ts';
import type { Viewer } from './when.ts';

export interface ShownSmsTest {
  readonly operator: GatewayName;
  /** Masked. */
  readonly number: string;
  readonly sender: string;
  readonly text: string;
  readonly price: SmsPrice;
  readonly findings: readonly Finding[];
  /** Null = only shown. */
  readonly outcome: SmsOutcome | null;
}

export const SMS_TEST_LINES = {
  head: { en: 'By {operator} to {number}, from {sender}:', ru: 'Через {operator} на {number}, от имени {sender}:' },
  headUnnamed: {
    en: 'By {operator} to {number}, under the account’s default name:',
    ru: 'Через {operator} на {number}, под именем по умолчанию:',
  },
  price: { en: 'This SMS: {price}.', ru: 'Эта СМС: {price}.' },
  accepted: { en: 'Accepted{id}. Has it come, and under which name?', ru: 'Принята{id}. Дошла ли она и под каким именем?' },
  id: { en: ' as {id}', ru: ' под номером {id}' },
  warning: { en: 'Mind: {why}.', ru: 'Учтите: {why}.' },
  refused: { en: 'Refused: {why}{detail}. Nothing was sent.', ru: 'Отказ: {why}{detail}. Ничего не отправлено.' },
  later: { en: 'Not sent: {why}{detail}.', ru: 'Не отправлена: {why}{detail}.' },
  inDoubt: {
    en: 'In doubt: {why}{detail}. It may have been sent and paid for; look into the operator’s own list before trying again.',
    ru: 'Под вопросом: {why}{detail}. СМС могла уйти, и за неё могли взять деньги; прежде чем повторять, посмотрите список у оператора.',
  },
} satisfies Record<string, Sentence>;

export function renderSmsTest(test: ShownSmsTest, viewer: Viewer): string {
  const { language } = viewer;
  const { operator, number, sender, text, price, findings, outcome } = test;
  const head = sender === '' ? SMS_TEST_LINES.headUnnamed : SMS_TEST_LINES.head;
  return [
    say(head, language, { operator: OPERATOR_NAMES[operator], number, sender: showName(sender, language) }),
    ...indent(text.split('\n').map(showDetail)),
    say(SMS_TEST_LINES.price, language, { price: showPrice(price, language) }),
    ...(isToldTwice(test) ? [] : findings.map((finding) => sayFinding(finding, viewer))),
    ...(outcome === null ? [sayFinding({ code: 'sms_test_unconfirmed', args: {} }, viewer)] : renderOutcome(outcome, language)),
  ].join('\n');
}

/** What kept the operator from telling the price kept it from taking the SMS: said once, as what became of the SMS. */
function isToldTwice({ price, outcome }: ShownSmsTest): boolean {
  return outcome !== null && outcome.outcome !== 'accepted' && outcome.code === price.why;
}

function renderOutcome(outcome: SmsOutcome, language: Language): readonly string[] {
  const detail = outcome.detail === '' ? '' : ` (${showDetail(outcome.detail)})`;
  switch (outcome.outcome) {
    case 'accepted': {
      const id = outcome.gatewayId === null ? '' : say(SMS_TEST_LINES.id, language, { id: showDetail(outcome.gatewayId) });
      const { warning } = outcome;
      return [
        say(SMS_TEST_LINES.accepted, language, { id }),
        ...(warning === null ? [] : [say(SMS_TEST_LINES.warning, language, { why: sayReason(warning, language) })]),
      ];
    }
    case 'refused':
      return [say(SMS_TEST_LINES.refused, language, { why: sayReason(outcome.code, language), detail })];
    case 'later':
      return [say(SMS_TEST_LINES.later, language, { why: sayReason(outcome.code, language), detail })];
    case 'in_doubt':
      return [say(SMS_TEST_LINES.inDoubt, language, { why: sayReason(outcome.code, language), detail })];
  }
}
