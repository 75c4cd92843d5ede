import type { Language } from '../../core/glossary.ts';
import { renderAttempt } from './delivery.ts';
import { RESOLVE_TEXTS } from './resolve.ts';
import type { Doubtful } from './resolve.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';
import type { Viewer } from './when.ts';
import { sayCode } from './words.ts';

export const RETRY_TEXTS = {
  refusedNone: { en: 'No delivery was refused because of our text or our rights.', ru: 'Отказов по нашей вине (текст, права) нет.' },
  refusedHead: {
    en: '{n, plural, one {# delivery was} other {# deliveries were}} refused because of our text or our rights; nobody was told.',
    ru: '{n, plural, one {# доставка отклонена} few {# доставки отклонены} many {# доставок отклонено} other {# доставки отклонены}} из-за нашего текста или прав; гости ничего не получили.',
  },
  refusedHow: {
    en: 'Mend the cause (preview shows the text), then: tp-tg-notify retry ROW… --reason "what was mended", or --all',
    ru: 'Устраните причину (текст покажет preview), затем: tp-tg-notify retry СТРОКА… --reason "что исправлено" или --all',
  },
  back: {
    en: '{n, plural, =0 {No such delivery was refused.} one {# delivery waits for the next run.} other {# deliveries wait for the next run.}}',
    ru: '{n, plural, =0 {Таких отказов нет.} one {# доставка ждёт следующего запуска.} few {# доставки ждут следующего запуска.} many {# доставок ждут следующего запуска.} other {# доставки ждут следующего запуска.}}',
  },
  missed: {
    en: 'Rows that were not (or no longer) refused because of us: {n}.',
    ru: 'Строк, которые не были (или уже не были) отклонены по нашей вине: {n}.',
  },
} satisfies Record<string, Sentence>;

export function renderRefused(refused: readonly Doubtful[], viewer: Viewer): string {
  const { language } = viewer;
  if (refused.length === 0) return say(RETRY_TEXTS.refusedNone, language);
  const rows = refused.flatMap(({ story, guest }) => {
    const { row, operationId, taskId, reason } = story;
    const args = {
      row: String(row),
      guest,
      operation: operationId,
      task: taskId,
      reason: reason === null ? '–' : sayCode(reason, language),
    };
    return [say(RESOLVE_TEXTS.row, language, args), ...indent(story.attempts.flatMap((attempt) => renderAttempt(attempt, viewer)))];
  });
  return [say(RETRY_TEXTS.refusedHead, language, { n: refused.length }), ...indent(rows), say(RETRY_TEXTS.refusedHow, language)].join('\n');
}

export function renderRetried({ back, missed }: { readonly back: number; readonly missed: number }, language: Language): string {
  return [
    ...(back > 0 || missed === 0 ? [say(RETRY_TEXTS.back, language, { n: back })] : []),
    ...(missed > 0 ? [say(RETRY_TEXTS.missed, language, { n: missed })] : []),
  ].join('\n');
}
