import type { Language } from '../../core/glossary.ts';
import type { InvitedSum } from '../../core/invited-sum.ts';
import type { ForecastSum } from '../../run/forecast.ts';
import { CAP_WORDS, OPERATOR_NAMES, renderInvitationSkips, showRoubles } from './invitation-words.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

const SEGMENTS = {
  en: '{segments, plural, one {# segment} other {# segments}}',
  ru: '{segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}',
};

export const INVITED_TEXTS = {
  accepted: {
    en: `Invited by SMS: {accepted}, ${SEGMENTS.en}{cost}`,
    ru: `Приглашено по СМС: {accepted}, ${SEGMENTS.ru}{cost}`,
  },
  cost: {
    en: ', {roubles}{uncosted, plural, =0 {} other { and # of unknown price}}',
    ru: ', {roubles}{uncosted, plural, =0 {} other { и # по неизвестной цене}}',
  },
  uncosted: { en: ', price unknown', ru: ', цена неизвестна' },
  refused: { en: 'SMS refused for their numbers: {refused}', ru: 'СМС не приняты из-за номеров: {refused}' },
  inDoubt: {
    en: 'SMS in doubt: {inDoubt}; they count as sent and are never repeated.',
    ru: 'СМС под вопросом: {inDoubt}; они считаются отправленными и не повторяются.',
  },
  orphaned: { en: 'SMS left in doubt by a run that died: {orphaned}', ru: 'СМС, оставшиеся под вопросом от погибшего запуска: {orphaned}' },
  waiting: { en: 'Invitations waiting to be sent: {waiting}{capped}', ru: 'Приглашений ждёт отправки: {waiting}{capped}' },
  capped: {
    en: ', {capped} of them until there is a new budget (the cap {cap} is spent)',
    ru: ', из них {capped} – до нового бюджета (исчерпан предел {cap})',
  },
  fates: {
    en: 'SMS of earlier runs: delivered {delivered}, not delivered {undelivered}',
    ru: 'СМС прежних запусков: доставлено {delivered}, не доставлено {undelivered}',
  },
  forecast: {
    en: `Invitations by {operator}: {texts}, ${SEGMENTS.en}{cost}{held, plural, =0 {} other {; # of them wait for the morning}}`,
    ru: `Приглашения через {operator}: {texts}, ${SEGMENTS.ru}{cost}{held, plural, =0 {} other {; из них # ждут утра}}`,
  },
  byOperator: { en: ', {roubles} by the operator’s own price', ru: ', {roubles} по цене оператора' },
  bySettings: { en: ', {roubles} by sms.price', ru: ', {roubles} по sms.price' },
  noPrice: { en: ', price unknown (set sms.price)', ru: ', цена неизвестна (задайте sms.price)' },
  earlier: {
    en: `Planned by earlier runs and waiting: {texts}, ${SEGMENTS.en}`,
    ru: `Запланированы раньше и ждут: {texts}, ${SEGMENTS.ru}`,
  },
  tight: {
    en: 'The cap {cap} holds less: the rest waits for budget (spent: {day} segments today, {month} this month).',
    ru: 'В предел {cap} всё не поместится: остальное подождёт бюджета (потрачено сегментов: сегодня {day}, за месяц {month}).',
  },
  counted: {
    en: 'Counted with a bot’s name of 20 characters; nobody was asked but the operator for its price.',
    ru: 'Посчитано для имени бота в 20 знаков; у оператора спрошена только цена.',
  },
} satisfies Record<string, Sentence>;

/** What inviting did, only lines that say something. */
export function renderInvited(sum: InvitedSum, language: Language): string[] {
  const { accepted, segments, inDoubt, orphaned, refused, waiting, delivered, undelivered } = sum;
  const lines: string[] = [];
  if (accepted > 0) lines.push(say(INVITED_TEXTS.accepted, language, { accepted, segments, cost: costOf(sum, language) }));
  if (refused > 0) lines.push(say(INVITED_TEXTS.refused, language, { refused }));
  if (inDoubt > 0) lines.push(say(INVITED_TEXTS.inDoubt, language, { inDoubt }));
  if (orphaned > 0) lines.push(say(INVITED_TEXTS.orphaned, language, { orphaned }));
  if (waiting > 0) lines.push(say(INVITED_TEXTS.waiting, language, { waiting, capped: cappedOf(sum, language) }));
  const skips = renderInvitationSkips(sum.skipped, language);
  if (skips !== '') lines.push(skips);
  if (delivered + undelivered > 0) lines.push(say(INVITED_TEXTS.fates, language, { delivered, undelivered }));
  return lines;
}

function costOf({ cost, accepted, inDoubt, uncosted }: InvitedSum, language: Language): string {
  return uncosted === accepted + inDoubt
    ? say(INVITED_TEXTS.uncosted, language)
    : say(INVITED_TEXTS.cost, language, { roubles: showRoubles(cost, language), uncosted });
}

function cappedOf({ capped, cap }: InvitedSum, language: Language): string {
  return cap === null ? '' : say(INVITED_TEXTS.capped, language, { capped, cap: say(CAP_WORDS[cap], language) });
}

/** The bill before it is spent. */
export function renderForecast(sum: ForecastSum, language: Language): string[] {
  const { texts, segments, held, waiting, cap, spent } = sum;
  const lines = [
    say(INVITED_TEXTS.forecast, language, { operator: OPERATOR_NAMES[sum.operator], texts, segments, held, cost: priceOf(sum, language) }),
  ];
  const skips = renderInvitationSkips(sum.skipped, language);
  if (skips !== '') lines.push(skips);
  if (waiting.texts > 0) lines.push(say(INVITED_TEXTS.earlier, language, waiting));
  if (cap !== null) lines.push(say(INVITED_TEXTS.tight, language, { cap: say(CAP_WORDS[cap], language), ...spent }));
  return texts > 0 ? [...lines, say(INVITED_TEXTS.counted, language)] : lines;
}

function priceOf({ texts, cost, pricedBy }: ForecastSum, language: Language): string {
  if (texts === 0) return '';
  if (cost === null) return say(INVITED_TEXTS.noPrice, language);
  return say(pricedBy === 'operator' ? INVITED_TEXTS.byOperator : INVITED_TEXTS.bySettings, language, {
    roubles: showRoubles(cost, language),
  });
}
