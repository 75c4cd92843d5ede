import type { Language } from '../../core/glossary.ts';
import type { DryRun } from '../../run/preview.ts';
import { renderFinding } from './findings.ts';
import { renderForecast } from './invited.ts';
import { renderTask } from './run.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showName } from './shown.ts';
import { textOfHtml } from './text-of-html.ts';
import { showWall } from './when.ts';

const LINES = {
  head: {
    en: 'Dry run: nothing was sent or written. Subscriptions that Telegram still holds, or notes not yet read, are not counted.',
    ru: 'Пробный запуск: ничего не отправлено и не записано. Подписки, которые ещё лежат у Telegram, и ещё не прочитанные заметки не учтены.',
  },
  window: { en: 'Task {task}: operations from {from} ({look})', ru: 'Задача {task}: операции с {from} ({look})' },
  shown: {
    en: 'The first {n, plural, one {notice} other {# notices}}:',
    ru: '{n, plural, one {Первое уведомление} few {Первые # уведомления} many {Первые # уведомлений} other {Первые # уведомления}}:',
  },
  to: { en: '→ {name}, chat {chat}', ru: '→ {name}, чат {chat}' },
  nothing: { en: 'Nothing to tell.', ru: 'Рассказывать не о чем.' },
  beginning: { en: 'the beginning', ru: 'самого начала' },
} satisfies Record<string, Sentence>;

const LOOKS: Readonly<Record<string, Sentence>> = {
  first: { en: 'first run', ru: 'первый запуск' },
  hot: { en: 'since the last run', ru: 'с прошлого запуска' },
  overlap: { en: 'the last week once more', ru: 'ещё раз последняя неделя' },
  deep: { en: 'everything from the start date', ru: 'всё с даты запуска' },
  since: { en: 'by hand', ru: 'вручную' },
};

/** The plan as a person reads it: sums first, then notices as guests would see them. */
export function renderDryRun(runs: readonly DryRun[], language: Language): string {
  const lines = [say(LINES.head, language)];
  for (const { tasks, findings, shown, invitations } of runs) {
    for (const task of tasks) {
      const look = LOOKS[task.look];
      lines.push(
        '',
        say(LINES.window, language, {
          task: task.taskId,
          from: task.from === null ? say(LINES.beginning, language) : showWall(task.from, language),
          look: look === undefined ? task.look : say(look, language),
        }),
      );
      const sums = renderTask(task, language);
      lines.push(...(sums.length > 0 ? sums : [say(LINES.nothing, language)]));
      for (const sum of invitations) if (sum.taskId === task.taskId) lines.push(...renderForecast(sum, language));
    }
    lines.push(...findings.map((finding) => renderFinding(finding, language)));
    if (shown.length > 0) lines.push('', say(LINES.shown, language, { n: shown.length }));
    for (const notice of shown) {
      lines.push(
        '',
        say(LINES.to, language, { name: showName(notice.customerName, language), chat: notice.chatId ?? '–' }),
        indent(textOfHtml(notice.html)),
      );
    }
  }
  return lines.join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
