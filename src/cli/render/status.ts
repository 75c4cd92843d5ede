import type { BotId, Language } from '../../core/glossary.ts';
import { DELIVERY_STATES, SUBSCRIPTION_STATES } from '../../core/glossary.ts';
import type { Finding, SmsSettings, TaskSettings } from '../../core/settings.ts';
import type { StatusReport } from '../../ports/desk.ts';
import type { InvitationReader } from '../../ports/invitations.ts';
import { sayFinding } from './desk-findings.ts';
import { renderRunLine } from './run-line.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';
import { renderSkips } from './skips.ts';
import { showInstant, showSpan, showWall } from './when.ts';
import type { Viewer } from './when.ts';
import { LINK_REFUSAL_WORDS, sayWord, STATE_COUNT_WORDS, SUBSCRIPTION_COUNT_WORDS } from './words.ts';

type Spent = Awaited<ReturnType<InvitationReader['readSpent']>>;

/** One bot of the settings and how the ledger stands for it; without an id, the whole ledger. */
export interface BotStatus {
  readonly botId: BotId | null;
  readonly tasks: readonly TaskSettings[];
  readonly report: StatusReport;
  /** Segments spent and waiting; null where nobody is invited. */
  readonly spent: (Spent & { readonly caps: SmsSettings['caps'] }) | null;
  readonly findings: readonly Finding[];
}

export const STATUS_TEXTS = {
  bot: {
    en: 'Bot {bot}, {n, plural, one {task} other {tasks}} {tasks}',
    ru: 'Бот {bot}, {n, plural, one {задача} other {задачи}} {tasks}',
  },
  ledger: { en: 'The whole ledger (the settings name no bot)', ru: 'Весь журнал (в настройках бот не назван)' },
  runs: { en: 'Last runs:', ru: 'Последние запуски:' },
  noRuns: { en: 'No runs yet.', ru: 'Запусков ещё не было.' },
  holder: { en: 'At work now: {host}, process {pid}, for {span}.', ru: 'Сейчас работает: {host}, процесс {pid}, уже {span}.' },
  nobody: { en: 'Nobody is at work now.', ru: 'Сейчас никто не работает.' },
  deliveries: { en: 'Deliveries – {list}', ru: 'Доставки – {list}' },
  noDeliveries: { en: 'No deliveries yet.', ru: 'Доставок ещё не было.' },
  waiting: {
    en: 'Waiting: {due} may go now{later, plural, =0 {} other {, # later}}{next}; the oldest operation is of {oldest}',
    ru: 'Ждут: {due} можно отправлять{later, plural, =0 {} other {, # позже}}{next}; самая старая операция – {oldest}',
  },
  next: { en: ' (not before {at})', ru: ' (не раньше {at})' },
  subscriptions: { en: 'Subscriptions – {list}', ru: 'Подписки – {list}' },
  noSubscriptions: { en: 'No subscriptions yet.', ru: 'Подписок ещё не было.' },
  byNote: { en: 'of the subscribed by note only: {n}', ru: 'из подписанных только по заметке: {n}' },
  refusedLinks: { en: 'Refused links – {list}', ru: 'Отклонённые ссылки – {list}' },
  polled: {
    en: 'Updates of Telegram: last asked for {span} ago',
    ru: 'Обновления Telegram: забирались {span} назад',
  },
  spent: {
    en: 'SMS: {day} of {dayCap} segments today, {month} of {monthCap} this month',
    ru: 'СМС: сегодня потрачено сегментов {day} из {dayCap}, за месяц {month} из {monthCap}',
  },
  invitations: {
    en: 'invitations waiting to be sent: {waiting} (segments: {segments})',
    ru: 'приглашений ждёт отправки: {waiting} (сегментов: {segments})',
  },
  task: { en: 'Task {task}: looked up to {wall}', ru: 'Задача {task}: поиск дошёл до {wall}' },
  taskNew: { en: 'Task {task}: no complete look yet', ru: 'Задача {task}: полного поиска ещё не было' },
  findings: { en: 'To know:', ru: 'Замечания:' },
  well: { en: 'Nothing needs your attention.', ru: 'Вмешательства не требуется.' },
} satisfies Record<string, Sentence>;

export function renderStatus(bots: readonly BotStatus[], viewer: Viewer): string {
  return bots.map((bot) => renderBot(bot, viewer).join('\n')).join('\n\n');
}

function renderBot({ botId, tasks, report, spent, findings }: BotStatus, viewer: Viewer): string[] {
  const { language } = viewer;
  const head =
    botId === null
      ? say(STATUS_TEXTS.ledger, language)
      : say(STATUS_TEXTS.bot, language, { bot: botId, n: tasks.length, tasks: tasks.map((task) => task.id).join(', ') });
  return [
    head,
    ...runLines(report, viewer),
    holderLine(report, language),
    ...deliveryLines(report, viewer),
    ...subscriptionLines(report, language),
    ...spentLines(spent, language),
    ...report.tasks.map(({ taskId, watermark }) =>
      watermark === null
        ? say(STATUS_TEXTS.taskNew, language, { task: taskId })
        : say(STATUS_TEXTS.task, language, { task: taskId, wall: showWall(watermark, language) }),
    ),
    ...(findings.length === 0
      ? [say(STATUS_TEXTS.well, language)]
      : [say(STATUS_TEXTS.findings, language), ...indent(findings.map((finding) => `• ${sayFinding(finding, viewer)}`))]),
  ];
}

function spentLines(spent: BotStatus['spent'], language: Language): string[] {
  if (spent === null) return [];
  const { day, month, waiting, waitingSegments, caps } = spent;
  return [
    say(STATUS_TEXTS.spent, language, { day, dayCap: caps.day, month, monthCap: caps.month }),
    ...(waiting === 0 ? [] : indent([say(STATUS_TEXTS.invitations, language, { waiting, segments: waitingSegments })])),
  ];
}

function runLines({ runs }: StatusReport, viewer: Viewer): string[] {
  if (runs.length === 0) return [say(STATUS_TEXTS.noRuns, viewer.language)];
  return [say(STATUS_TEXTS.runs, viewer.language), ...indent(runs.map((run) => renderRunLine(run, viewer)))];
}

function holderLine({ holder, now }: StatusReport, language: Language): string {
  if (holder === null) return say(STATUS_TEXTS.nobody, language);
  return say(STATUS_TEXTS.holder, language, {
    host: holder.host,
    pid: String(holder.pid),
    span: showSpan(now - holder.startedAt, language),
  });
}

function deliveryLines({ deliveries, skipped, waiting }: StatusReport, viewer: Viewer): string[] {
  const { language } = viewer;
  const list = DELIVERY_STATES.filter((state) => (deliveries[state] ?? 0) > 0).map(
    (state) => `${say(STATE_COUNT_WORDS[state], language)}: ${deliveries[state] ?? 0}`,
  );
  const lines = [
    list.length === 0 ? say(STATUS_TEXTS.noDeliveries, language) : say(STATUS_TEXTS.deliveries, language, { list: list.join(', ') }),
  ];
  const skips = renderSkips(skipped, language);
  if (skips !== '') lines.push(...indent([skips]));
  if (waiting === undefined || waiting.oldest === null) return lines;
  const next = waiting.nextAt === null ? '' : say(STATUS_TEXTS.next, language, { at: showInstant(waiting.nextAt, viewer) });
  return [
    ...lines,
    ...indent([
      say(STATUS_TEXTS.waiting, language, { due: waiting.due, later: waiting.later, next, oldest: showWall(waiting.oldest, language) }),
    ]),
  ];
}

function subscriptionLines({ subscriptions, byNote, refusedLinks, polledAt, now }: StatusReport, language: Language): string[] {
  const list = SUBSCRIPTION_STATES.filter((state) => (subscriptions[state] ?? 0) > 0).map(
    (state) => `${say(SUBSCRIPTION_COUNT_WORDS[state], language)}: ${subscriptions[state] ?? 0}`,
  );
  const lines = [
    list.length === 0 ? say(STATUS_TEXTS.noSubscriptions, language) : say(STATUS_TEXTS.subscriptions, language, { list: list.join(', ') }),
  ];
  if (byNote > 0) lines.push(...indent([say(STATUS_TEXTS.byNote, language, { n: byNote })]));
  const refused = Object.entries(refusedLinks).map(([reason, n]) => `${sayWord(LINK_REFUSAL_WORDS, reason, language)}: ${n}`);
  if (refused.length > 0) lines.push(say(STATUS_TEXTS.refusedLinks, language, { list: refused.join(', ') }));
  if (polledAt !== null) lines.push(say(STATUS_TEXTS.polled, language, { span: showSpan(now - polledAt, language) }));
  return lines;
}
