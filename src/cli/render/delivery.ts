import type { DeliveryStory } from '../../ports/desk.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail } from './shown.ts';
import { showInstant } from './when.ts';
import type { Viewer } from './when.ts';
import { OUTCOME_WORDS, sayCode, sayWord, STATE_WORDS } from './words.ts';

export const DELIVERY_TEXTS = {
  row: {
    en: '{state}{reason} (row {row}, task {task}, planned {planned}{changed}){notBefore}',
    ru: '{state}{reason} (строка {row}, задача {task}, запланировано {planned}{changed}){notBefore}',
  },
  changed: { en: ', so since {at}', ru: ', так с {at}' },
  notBefore: { en: ', not before {at}', ru: ', не раньше {at}' },
  resolved: { en: 'settled by hand: {text}', ru: 'разобрано вручную: {text}' },
  attempt: {
    en: 'attempt {attempt}, {started}, chat {chat}{repeat}: {outcome}{code}{took}{message}',
    ru: 'попытка {attempt}, {started}, чат {chat}{repeat}: {outcome}{code}{took}{message}',
  },
  repeat: { en: ', marked as a possible repeat', ru: ', с пометкой «возможно, повтор»' },
  took: { en: ', after {ms} ms', ru: ', через {ms} мс' },
  message: { en: ', message {id}', ru: ', сообщение {id}' },
  onItsWay: { en: 'on its way', ru: 'в пути' },
  detail: { en: 'Telegram: {detail}', ru: 'Telegram: {detail}' },
} satisfies Record<string, Sentence>;

/** One row of the ledger: its state and reason in words, then each attempt with Telegram's own words. */
export function renderDelivery(row: DeliveryStory, viewer: Viewer): string[] {
  const { language } = viewer;
  const { planned, changed, notBefore } = {
    planned: showInstant(row.plannedAt, viewer),
    changed: row.finishedAt === null ? '' : say(DELIVERY_TEXTS.changed, language, { at: showInstant(row.finishedAt, viewer) }),
    notBefore:
      row.state !== 'planned' || row.notBefore === null
        ? ''
        : say(DELIVERY_TEXTS.notBefore, language, { at: showInstant(row.notBefore, viewer) }),
  };
  const reason = row.reason === null ? '' : `: ${sayCode(row.reason, language)}`;
  const head = say(DELIVERY_TEXTS.row, language, {
    state: say(STATE_WORDS[row.state], language),
    reason,
    row: String(row.row),
    task: row.taskId,
    planned,
    changed,
    notBefore,
  });
  const resolved = row.resolved === null ? [] : [say(DELIVERY_TEXTS.resolved, language, { text: showDetail(row.resolved) })];
  return [head, ...indent([...resolved, ...row.attempts.flatMap((attempt) => renderAttempt(attempt, viewer))])];
}

export function renderAttempt(attempt: DeliveryStory['attempts'][number], viewer: Viewer): string[] {
  const { language } = viewer;
  const { outcome, code, startedAt, finishedAt, messageId } = attempt;
  const line = say(DELIVERY_TEXTS.attempt, language, {
    attempt: String(attempt.attemptNo),
    started: showInstant(startedAt, viewer),
    chat: attempt.chatId,
    repeat: attempt.repeat ? say(DELIVERY_TEXTS.repeat, language) : '',
    outcome: outcome === null ? say(DELIVERY_TEXTS.onItsWay, language) : sayWord(OUTCOME_WORDS, outcome, language),
    code: code === null || code === '' ? '' : ` (${sayCode(code, language)})`,
    took: finishedAt === null ? '' : say(DELIVERY_TEXTS.took, language, { ms: Math.max(0, finishedAt - startedAt) }),
    message: messageId === null ? '' : say(DELIVERY_TEXTS.message, language, { id: messageId }),
  });
  return [
    line,
    ...(attempt.detail === null || attempt.detail === ''
      ? []
      : indent([say(DELIVERY_TEXTS.detail, language, { detail: showDetail(attempt.detail) })])),
  ];
}
