import type { BotId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { DeliveryStory } from '../../ports/desk.ts';
import type { MaskedInvitation } from '../masked-invitation.ts';
import { renderAttempt } from './delivery.ts';
import { sayFinding } from './desk-findings.ts';
import { renderInvitationRows } from './invitations.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';
import type { Viewer } from './when.ts';
import { sayCode } from './words.ts';

export interface Doubtful {
  readonly botId: BotId;
  readonly story: DeliveryStory;
  /** Masked name. */
  readonly guest: string;
}

export const RESOLVE_TEXTS = {
  none: { en: 'Nothing is in doubt.', ru: 'Под вопросом ничего нет.' },
  head: {
    en: '{n, plural, one {# delivery is} other {# deliveries are}} in doubt: it can’t be known whether the guest has the notice.',
    ru: 'Под вопросом {n, plural, one {# доставка} few {# доставки} many {# доставок} other {# доставки}}: неизвестно, получил ли гость уведомление.',
  },
  row: {
    en: 'row {row}: {guest}, operation {operation}, task {task}: {reason}',
    ru: 'строка {row}: {guest}, операция {operation}, задача {task}: {reason}',
  },
  smsHead: {
    en: '{n, plural, one {# SMS is} other {# SMS are}} in doubt: it can’t be known whether the operator took it. It counts as sent and is never repeated.',
    ru: 'Под вопросом {n} СМС: неизвестно, принял ли оператор. Считается отправленной и не повторяется.',
  },
  smsHow: {
    en: 'Look into the operator’s account (`explain` shows the number), then: tp-tg-notify resolve ROW… --sms --as delivered|refused --reason "how you know"',
    ru: 'Посмотрите в кабинете оператора (номер покажет `explain`), затем: tp-tg-notify resolve СТРОКА… --sms --as delivered|refused --reason "откуда известно"',
  },
  smsDelivered: {
    en: '{n, plural, =0 {Nothing was in doubt.} one {# SMS counts as sent.} other {# SMS count as sent.}}',
    ru: '{n, plural, =0 {Под вопросом ничего не было.} other {Считаются отправленными: # СМС.}}',
  },
  smsRefused: {
    en: '{n, plural, =0 {Nothing was in doubt.} one {# SMS was never sent: it counts no more, and the guest’s next operation may invite.} other {# SMS were never sent: they count no more, and the guests’ next operations may invite.}}',
    ru: '{n, plural, =0 {Под вопросом ничего не было.} other {Не отправлены: # СМС. Больше не считаются; следующая операция гостя может пригласить его снова.}}',
  },
  how: {
    en: 'Ask the guest or look at the chat, then: tp-tg-notify resolve ROW… --as delivered|refused|again --reason "how you know"',
    ru: 'Спросите гостя или посмотрите чат, затем: tp-tg-notify resolve СТРОКА… --as delivered|refused|again --reason "откуда известно"',
  },
  delivered: {
    en: '{n, plural, =0 {Nothing was in doubt.} one {# delivery is now delivered.} other {# deliveries are now delivered.}}',
    ru: '{n, plural, =0 {Под вопросом ничего не было.} one {# доставка отмечена дошедшей.} few {# доставки отмечены дошедшими.} many {# доставок отмечены дошедшими.} other {# доставки отмечены дошедшими.}}',
  },
  refused: {
    en: '{n, plural, =0 {Nothing was in doubt.} one {# delivery is now refused; it is not told again.} other {# deliveries are now refused; they are not told again.}}',
    ru: '{n, plural, =0 {Под вопросом ничего не было.} one {# доставка отмечена недошедшей; повтора не будет.} few {# доставки отмечены недошедшими; повтора не будет.} many {# доставок отмечены недошедшими; повтора не будет.} other {# доставки отмечены недошедшими; повтора не будет.}}',
  },
  again: {
    en: '{n, plural, =0 {Nothing was in doubt.} one {# delivery waits for the next run, which tells it as a possible repeat.} other {# deliveries wait for the next run, which tells them as possible repeats.}}',
    ru: '{n, plural, =0 {Под вопросом ничего не было.} one {# доставка ждёт следующего запуска; гость увидит пометку «возможно, повтор».} few {# доставки ждут следующего запуска; гость увидит пометку «возможно, повтор».} many {# доставок ждут следующего запуска; гость увидит пометку «возможно, повтор».} other {# доставки ждут следующего запуска; гость увидит пометку «возможно, повтор».}}',
  },
} satisfies Record<string, Sentence>;

export function renderInDoubt(
  { notices, sms }: { readonly notices: readonly Doubtful[]; readonly sms: readonly MaskedInvitation[] },
  viewer: Viewer,
): string {
  const { language } = viewer;
  const parts = [...(notices.length > 0 ? renderNotices(notices, viewer) : []), ...(sms.length > 0 ? renderSms(sms, viewer) : [])];
  return parts.length === 0 ? say(RESOLVE_TEXTS.none, language) : parts.join('\n');
}

function renderNotices(notices: readonly Doubtful[], viewer: Viewer): string[] {
  const { language } = viewer;
  const rows = notices.flatMap(({ story, guest }) => {
    const { row, operationId, taskId, reason } = story;
    const head = say(RESOLVE_TEXTS.row, language, {
      row: String(row),
      guest,
      operation: operationId,
      task: taskId,
      reason: reason === null ? '–' : sayCode(reason, language),
    });
    return [head, ...indent(story.attempts.flatMap((attempt) => renderAttempt(attempt, viewer)))];
  });
  return [say(RESOLVE_TEXTS.head, language, { n: notices.length }), ...indent(rows), say(RESOLVE_TEXTS.how, language)];
}

function renderSms(sms: readonly MaskedInvitation[], viewer: Viewer): string[] {
  const { language } = viewer;
  return [
    say(RESOLVE_TEXTS.smsHead, language, { n: sms.length }),
    ...indent(renderInvitationRows(sms, viewer)),
    say(RESOLVE_TEXTS.smsHow, language),
  ];
}

const DONE_TEXTS = {
  notices: { delivered: RESOLVE_TEXTS.delivered, refused: RESOLVE_TEXTS.refused, again: RESOLVE_TEXTS.again },
  sms: { delivered: RESOLVE_TEXTS.smsDelivered, refused: RESOLVE_TEXTS.smsRefused, again: RESOLVE_TEXTS.none },
};

export function renderResolved(
  done: {
    readonly settled: number;
    readonly verdict: 'delivered' | 'refused' | 'again';
    readonly sms: boolean;
    readonly findings: readonly Finding[];
  },
  viewer: Viewer,
): string {
  return [
    say(DONE_TEXTS[done.sms ? 'sms' : 'notices'][done.verdict], viewer.language, { n: done.settled }),
    ...done.findings.map((finding) => sayFinding(finding, viewer)),
  ].join('\n');
}
