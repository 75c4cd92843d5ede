import type { BotId, OperationId } from '../../core/glossary.ts';
import type { Operation } from '../../core/operation.ts';
import type { TaskSettings } from '../../core/settings.ts';
import { formatAmount, unitOf } from '../../core/unit.ts';
import type { CustomerStory, DeliveryStory } from '../../ports/desk.ts';
import type { InvitationStory } from '../../ports/invitations.ts';
import type { LeftOut, TaskVerdict } from '../left-out.ts';
import { renderDelivery } from './delivery.ts';
import { renderFate, renderSms } from './invitations.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail, showName } from './shown.ts';
import { showInstant, showWall } from './when.ts';
import type { Viewer } from './when.ts';
import { LINK_REFUSAL_WORDS, ORIGIN_WORDS, sayWord, SUBSCRIPTION_WORDS } from './words.ts';

/** A customer's story as one bot knows it. */
export interface BotStory {
  readonly botId: BotId;
  readonly tasks: readonly TaskSettings[];
  readonly story: CustomerStory;
  /** The newest first. */
  readonly invitations: readonly InvitationStory[];
  /** For operations without a row: why each task has none. */
  readonly leftOut: ReadonlyMap<OperationId, readonly TaskVerdict[]>;
  /** There are further bots, so each story names its own. */
  readonly several: boolean;
  /** So many operations were asked for; those told last come on top. */
  readonly limit: number;
}

export const STORY_TEXTS = {
  bot: { en: 'Bot {bot}', ru: 'Бот {bot}' },
  customer: { en: '{name}, group {group}', ru: '{name}, группа {group}' },
  id: { en: 'id {id}', ru: 'код {id}' },
  notLive: {
    en: 'deleted or disabled (or the group is): nothing is told and no link works',
    ru: 'удалён или отключён (сам или группа): уведомлений нет, ссылки не действуют',
  },
  phones: { en: 'phones: {list}', ru: 'телефоны: {list}' },
  noPhones: { en: 'no phone', ru: 'телефона нет' },
  note: { en: 'note «chat_ID в Telegram»: {text}', ru: 'заметка «chat_ID в Telegram»: {text}' },
  noNote: { en: 'note «chat_ID в Telegram»: empty', ru: 'заметка «chat_ID в Telegram»: пусто' },
  subscription: {
    en: 'subscription: {state}, {origin}, chat {chat}{since}{moves}',
    ru: 'подписка: {state}, {origin}, чат {chat}{since}{moves}',
  },
  since: { en: ', since {at}', ru: ', с {at}' },
  moves: { en: ', moved {n, plural, one {once} other {# times}}', ru: ', переездов в другой чат: {n}' },
  noSubscription: { en: 'subscription: none', ru: 'подписки нет' },
  language: { en: 'language chosen in the bot: {language}', ru: 'язык, выбранный в боте: {language}' },
  operations: { en: 'Operations, the newest first:', ru: 'Операции, сначала новые:' },
  operationsMore: {
    en: 'Operations, the newest first (latest: {limit}; older ones told recently: {more}):',
    ru: 'Операции, сначала новые (последних: {limit}; более старых, о которых рассказано недавно: {more}):',
  },
  noOperations: { en: 'No operations.', ru: 'Операций нет.' },
  operation: { en: '{wall}  {amount}  {account}{document}  {id}', ru: '{wall}  {amount}  {account}{document}  {id}' },
  document: { en: ', document {document}', ru: ', документ {document}' },
  gone: { en: '{id}: no longer in Tillypad', ru: '{id}: в Tillypad больше нет' },
  untold: {
    en: 'task {task}: not told{above, plural, =0 {} one { (nor # operation above)} other { (nor # operations above)}}: {reasons}',
    ru: 'задача {task}: не рассказано{above, plural, =0 {} one { (и о # операции выше)} other { (и о # операциях выше)}}: {reasons}',
  },
  invitations: { en: 'Invitations by SMS, the newest first:', ru: 'Приглашения по СМС, сначала новые:' },
  links: { en: 'Refused links:', ru: 'Отклонённые ссылки:' },
  link: { en: '{at}  chat {chat}: {reason}', ru: '{at}  чат {chat}: {reason}' },
} satisfies Record<string, Sentence>;

export const LEFT_OUT_WORDS: Readonly<Record<LeftOut, Sentence>> = {
  live: { en: 'the customer or the group is deleted or disabled', ru: 'клиент или его группа удалены или отключены' },
  accountType: { en: 'this account type is not chosen', ru: 'этот тип счёта не выбран' },
  customerGroup: { en: 'this customer group is not chosen', ru: 'эта группа клиентов не выбрана' },
  sign: { en: 'credits or debits only, by the settings', ru: 'по настройкам – только зачисления или только списания' },
  threshold: { en: 'the sum is below the threshold', ru: 'сумма меньше порога' },
  startDate: { en: 'before the start date', ru: 'раньше даты запуска уведомлений' },
  admitted: {
    en: 'older than the program’s first run (or than the choice of its type or group in the task); to tell it: tp-tg-notify run --since DATE',
    ru: 'случилась до первого запуска программы (или до того, как в задаче выбрали этот тип счёта или группу); рассказать о ней: tp-tg-notify run --since ДАТА',
  },
  allow: { en: 'mode: test, and the customer is not in allow', ru: 'mode: test, а клиента нет в allow' },
  no_look: { en: 'no look has come to it yet; the next run will', ru: 'поиск до неё ещё не дошёл; дойдёт следующий запуск' },
  brake: {
    en: 'held by the brake; look at it: tp-tg-notify run --dry-run --yes (sends nothing), let it go: tp-tg-notify run --yes, mark it as seen: tp-tg-notify run --mark-only',
    ru: 'придержана тормозом; посмотреть: tp-tg-notify run --dry-run --yes (ничего не отправит), отпустить: tp-tg-notify run --yes, отметить известной: tp-tg-notify run --mark-only',
  },
  behind: {
    en: 'dated before the last look; a wider look (hourly, daily) will find it',
    ru: 'датирована раньше последнего поиска; найдёт более широкий (раз в час, раз в сутки)',
  },
};

export function renderStory(bot: BotStory, viewer: Viewer): string {
  const { story } = bot;
  const head = say(STORY_TEXTS.customer, viewer.language, {
    name: showName(story.customer.name, viewer.language),
    group: showName(story.customer.group, viewer.language),
  });
  return [
    ...(bot.several ? [say(STORY_TEXTS.bot, viewer.language, { bot: bot.botId })] : []),
    head,
    ...indent(customerLines(story, viewer)),
    ...operationLines(bot, viewer),
    ...invitationLines(bot.invitations, viewer),
    ...linkLines(story, viewer),
  ].join('\n');
}

function customerLines(story: BotStory['story'], viewer: Viewer): string[] {
  const { language } = viewer;
  const { customer, phones, note } = story;
  const lines = [say(STORY_TEXTS.id, language, { id: customer.id })];
  if (!customer.live) lines.push(say(STORY_TEXTS.notLive, language));
  lines.push(
    phones.length === 0
      ? say(STORY_TEXTS.noPhones, language)
      : say(STORY_TEXTS.phones, language, { list: phones.map(showDetail).join(', ') }),
  );
  lines.push(
    note === null || note.trim() === '' ? say(STORY_TEXTS.noNote, language) : say(STORY_TEXTS.note, language, { text: showDetail(note) }),
  );
  lines.push(subscriptionLine(story, viewer));
  if (story.guestLanguage != null) lines.push(say(STORY_TEXTS.language, language, { language: story.guestLanguage }));
  return lines;
}

function subscriptionLine({ customer: { subscription }, subscriptionChangedAt }: BotStory['story'], viewer: Viewer): string {
  const { language } = viewer;
  if (subscription === null) return say(STORY_TEXTS.noSubscription, language);
  const { state, origin, chatId, epoch } = subscription;
  return say(STORY_TEXTS.subscription, language, {
    state: say(SUBSCRIPTION_WORDS[state], language),
    origin: say(ORIGIN_WORDS[origin], language),
    chat: chatId,
    since: subscriptionChangedAt == null ? '' : say(STORY_TEXTS.since, language, { at: showInstant(subscriptionChangedAt, viewer) }),
    moves: epoch === 0 ? '' : say(STORY_TEXTS.moves, language, { n: epoch }),
  });
}

function operationLines(bot: BotStory, viewer: Viewer): string[] {
  const { story } = bot;
  const { language } = viewer;
  const gone = story.deliveries.filter((row) => !story.operations.some((operation) => operation.id === row.operationId));
  if (story.operations.length + gone.length === 0) return [say(STORY_TEXTS.noOperations, language)];
  const more = story.operations.length - bot.limit;
  const head = more > 0 ? say(STORY_TEXTS.operationsMore, language, { limit: bot.limit, more }) : say(STORY_TEXTS.operations, language);
  const lost = gone.flatMap((row) => [say(STORY_TEXTS.gone, language, { id: row.operationId }), ...indent(deliveryLines([row], viewer))]);
  return [head, ...indent([...knownLines(bot, viewer), ...lost])];
}

/** Operations one after the other that are left out for the same reasons share these, told once below them. */
function knownLines(bot: BotStory, viewer: Viewer): string[] {
  const { operations, deliveries } = bot.story;
  const told = operations.map((operation) => {
    const rows = deliveries.filter((row) => row.operationId === operation.id);
    const verdicts = rows.length > 0 ? [] : (bot.leftOut.get(operation.id) ?? []);
    return { operation, rows, verdicts, same: verdicts.length > 0 ? JSON.stringify(verdicts) : operation.id };
  });
  let above = 0;
  return told.flatMap(({ operation, rows, verdicts, same }, at) => {
    const line = operationLine(bot, operation, viewer);
    if (told[at + 1]?.same === same) {
      above += 1;
      return [line];
    }
    const reasons = rows.length > 0 ? deliveryLines(rows, viewer) : untoldLines(verdicts, above, viewer);
    above = 0;
    return [line, ...indent(reasons)];
  });
}

function operationLine({ tasks }: BotStory, operation: Operation, { language }: Viewer): string {
  const unit = unitOf(tasks[0]?.notice.units ?? [], operation.accountTypeId);
  return say(STORY_TEXTS.operation, language, {
    wall: showWall(operation.date, language),
    amount: operation.sum === null ? '?' : formatAmount(operation.sum, { unit, language, sign: 'always' }),
    account: `«${showName(operation.accountType, language)}»`,
    document:
      operation.document === null || operation.document === ''
        ? ''
        : say(STORY_TEXTS.document, language, { document: showName(operation.document, language) }),
    id: operation.id,
  });
}

function deliveryLines(rows: readonly DeliveryStory[], viewer: Viewer): string[] {
  return rows.flatMap((row) => renderDelivery(row, viewer));
}

function untoldLines(verdicts: readonly TaskVerdict[], above: number, { language }: Viewer): string[] {
  return verdicts.map(({ taskId, reasons }) =>
    say(STORY_TEXTS.untold, language, {
      task: taskId,
      above,
      reasons: reasons.map((reason) => say(LEFT_OUT_WORDS[reason], language)).join('; '),
    }),
  );
}

function invitationLines(invitations: readonly InvitationStory[], viewer: Viewer): string[] {
  if (invitations.length === 0) return [];
  const lines = invitations.flatMap((one) => [
    `${one.row}. ${one.number ?? '–'}: ${renderFate(one, viewer)}`,
    ...indent(renderSms(one, viewer)),
  ]);
  return [say(STORY_TEXTS.invitations, viewer.language), ...indent(lines)];
}

function linkLines({ refusedLinks }: CustomerStory, viewer: Viewer): string[] {
  if (refusedLinks.length === 0) return [];
  const lines = refusedLinks.map(({ at, chatId, reason }) =>
    say(STORY_TEXTS.link, viewer.language, {
      at: showInstant(at, viewer),
      chat: chatId,
      reason: sayWord(LINK_REFUSAL_WORDS, reason, viewer.language),
    }),
  );
  return [say(STORY_TEXTS.links, viewer.language), ...indent(lines)];
}
