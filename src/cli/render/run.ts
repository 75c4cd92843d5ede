import type { Language } from '../../core/glossary.ts';
import type { RunSummary, TaskSum } from '../../core/summary.ts';
import { renderFinding } from './findings.ts';
import { renderInvited } from './invited.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { renderSkips } from './skips.ts';

const LINES = {
  head: { en: 'Run {runNo} of bot {bot}: {took, number, ::.0} s', ru: 'Запуск {runNo}, бот {bot}: {took, number, ::.0} с' },
  pulled: {
    en: 'Subscribed: {subscribed}, moved: {moved}, stopped: {stopped}, blocked: {blocked}, back: {back}, links refused: {refused}',
    ru: 'Подписались: {subscribed}, переехали: {moved}, отписались: {stopped}, заблокировали: {blocked}, вернулись: {back}, ссылок отклонено: {refused}',
  },
  task: {
    en: 'Task {task}: {planned, plural, one {# operation} other {# operations}} planned ({notices, plural, one {# notice} other {# notices}})',
    ru: 'Задача {task}: запланировано {planned, plural, one {# операция} few {# операции} many {# операций} other {# операции}} ({notices, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}})',
  },
  delivered: {
    en: 'Delivered: {delivered, plural, one {# notice} other {# notices}} about {operations, plural, one {# operation} other {# operations}}',
    ru: 'Доставлено: {delivered, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}} о {operations, plural, one {# операции} other {# операциях}}',
  },
  repeated: { en: 'of them marked as a possible repeat: {repeated}', ru: 'из них с пометкой «возможно, повтор»: {repeated}' },
  refusedByGuests: {
    en: 'Refused by guests (bot blocked, chat gone): {refusedByGuests}',
    ru: 'Не приняли гости (бот заблокирован, чата нет): {refusedByGuests}',
  },
  refusedOurs: { en: 'Refused because of us (text, rights): {refusedOurs}', ru: 'Отклонено по нашей вине (текст, права): {refusedOurs}' },
  inDoubt: { en: 'In doubt: {inDoubt}. See which: tp-tg-notify resolve', ru: 'Под вопросом: {inDoubt}. Какие: tp-tg-notify resolve' },
  orphaned: { en: 'Left in doubt by a run that died: {orphaned}', ru: 'Осталось под вопросом от погибшего запуска: {orphaned}' },
  waiting: { en: 'Surely not sent, waiting for the next try: {waiting}', ru: 'Точно не отправлено, ждёт следующей попытки: {waiting}' },
  nothing: { en: 'Nothing to tell.', ru: 'Рассказывать не о чем.' },
} satisfies Record<string, Sentence>;

/** What the runs did, for a person; only lines that say something. */
export function renderRun(summaries: readonly RunSummary[], language: Language): string {
  return summaries.map((summary) => renderOne(summary, language)).join('\n\n');
}

function renderOne(summary: RunSummary, language: Language): string {
  const lines: string[] = [];
  if (summary.runNo !== null) {
    lines.push(
      say(LINES.head, language, {
        runNo: String(summary.runNo),
        bot: summary.bot,
        took: (summary.finishedAt - summary.startedAt) / 1000,
      }),
    );
    lines.push(
      ...pulledLines(summary, language),
      ...summary.tasks.flatMap((task) => renderTask(task, language)),
      ...sentLines(summary, language),
    );
  }
  return [...lines, ...summary.findings.map((finding) => renderFinding(finding, language))].join('\n');
}

function pulledLines({ pulled }: RunSummary, language: Language): string[] {
  const refused = Object.values(pulled.refused).reduce((sum, n) => sum + n, 0);
  const { subscribed, moved, stopped, blocked, back } = pulled;
  return subscribed + moved + stopped + blocked + back + refused === 0
    ? []
    : [say(LINES.pulled, language, { subscribed, moved, stopped, blocked, back, refused })];
}

/** A task's line and its skips; a look that found nothing says nothing. */
export function renderTask(task: TaskSum, language: Language): string[] {
  const skips = renderSkips(task.skipped, language);
  if (task.planned === 0 && skips === '') return [];
  return [
    say(LINES.task, language, { task: task.taskId, planned: task.planned, notices: task.notices }) + (skips === '' ? '' : `; ${skips}`),
  ];
}

function sentLines({ sent, invited, tasks, exitCode }: RunSummary, language: Language): string[] {
  const counted = ['repeated', 'refusedByGuests', 'refusedOurs', 'inDoubt', 'orphaned', 'waiting'] as const;
  const lines = sent.delivered > 0 ? [say(LINES.delivered, language, { delivered: sent.delivered, operations: sent.operations })] : [];
  for (const key of counted) if (sent[key] > 0) lines.push(say(LINES[key], language, { [key]: sent[key] }));
  const skips = renderSkips(sent.skipped, language);
  if (skips !== '') lines.push(skips);
  lines.push(...renderInvited(invited, language));
  return lines.length === 0 && exitCode === 0 && tasks.every((task) => task.planned === 0) ? [say(LINES.nothing, language)] : lines;
}
