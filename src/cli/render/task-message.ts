import type { Finding } from '../../core/settings.ts';
import { renderFinding } from './findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { EXIT_WORDS, sayWord } from './words.ts';

/** What stands in the log of Tillypad's task. It takes lines of at most 2,047 characters. */
const LONGEST = 2_000;

export const TASK_MESSAGES = {
  task_exit: {
    en: 'The run ended with {exit} ({meaning}). See: tp-tg-notify status',
    ru: 'Запуск закончился с кодом {exit} ({meaning}). См.: tp-tg-notify status',
  },
  task_in_doubt: {
    en: '{n, plural, one {# notice} other {# notices}}: whether Telegram delivered can’t be known. See: tp-tg-notify resolve',
    ru: 'Дошли ли до гостей {n, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}}, узнать нельзя. См.: tp-tg-notify resolve',
  },
  task_refused_ours: {
    en: 'Telegram refused {n, plural, one {# notice} other {# notices}} because of our text or rights. See: tp-tg-notify retry',
    ru: 'Telegram отклонил {n, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}} по нашей вине (текст, права). См.: tp-tg-notify retry',
  },
  task_failure: { en: 'The run could not work. {text}', ru: 'Запуск не смог работать. {text}' },
  /** Said by the database itself, as no program runs then; `tgn_task.read_log` holds the same words. */
  word_unread: {
    en: 'For more than 30 minutes no run has served this task: the program does not start, or ends at once. Guests are told nothing. See on the machine with the program: tp-tg-notify status, tp-tg-notify schedule check',
    ru: 'Больше 30 минут ни один запуск не обслужил эту задачу: программа не запускается или сразу завершается. Гостям ничего не отправляется. Посмотрите на машине с программой: tp-tg-notify status, tp-tg-notify schedule check',
  },
} satisfies Record<string, Sentence>;

/** A line of the task's log, always Russian, as its readers are Tillypad's. */
export function sayTaskMessage(finding: Finding): string {
  const own: Readonly<Record<string, Sentence>> = TASK_MESSAGES;
  const sentence = Object.hasOwn(own, finding.code) ? own[finding.code] : undefined;
  const meaning = sayWord(EXIT_WORDS, String(finding.args['exit'] ?? ''), 'ru');
  const text = sentence === undefined ? renderFinding(finding, 'ru') : say(sentence, 'ru', { ...finding.args, meaning });
  const line = `tp-tg-notify: ${text}`.replaceAll(/\s*\n\s*/gu, ' · ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
