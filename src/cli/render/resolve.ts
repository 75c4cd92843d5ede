import type { BotId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { DeliveryStory } from '../../ports/desk.ts';
import { renderAttempt } from './delivery.ts';
import { sayFinding } from './desk-findings.ts';
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

export function renderInDoubt(doubtful: readonly Doubtful[], viewer: Viewer): string {
  const { language } = viewer;
  if (doubtful.length === 0) return say(RESOLVE_TEXTS.none, language);
  const rows = doubtful.flatMap(({ story, guest }) => {
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
  return [say(RESOLVE_TEXTS.head, language, { n: doubtful.length }), ...indent(rows), say(RESOLVE_TEXTS.how, language)].join('\n');
}

export function renderResolved(
  done: { readonly settled: number; readonly verdict: 'delivered' | 'refused' | 'again'; readonly findings: readonly Finding[] },
  viewer: Viewer,
): string {
  return [
    say(RESOLVE_TEXTS[done.verdict], viewer.language, { n: done.settled }),
    ...done.findings.map((finding) => sayFinding(finding, viewer)),
  ].join('\n');
}
