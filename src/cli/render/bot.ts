import type { BotId, Language } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import { sayFinding } from './desk-findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showName } from './shown.ts';
import type { Viewer } from './when.ts';

/** A bot as Telegram and the ledger know it. */
export interface AskedBot {
  readonly botId: BotId;
  readonly username: string;
  readonly firstName: string;
  /** Host of the webhook; null = none is set. */
  readonly webhook: string | null;
  readonly pending: number;
  readonly bound: boolean;
  readonly commandsSet: boolean;
  /** What became of a webhook that was to be taken away; null = nobody asked for it. */
  readonly webhookDeleted: { readonly host: string | null } | null;
  readonly findings: readonly Finding[];
}

export const BOT_LINES = {
  head: { en: '@{username} «{name}», id {bot}', ru: '@{username} «{name}», код {bot}' },
  noWebhook: { en: 'no webhook is set', ru: 'вебхука нет' },
  webhook: { en: 'webhook: {host}', ru: 'вебхук: {host}' },
  webhookDeleted: {
    en: 'the webhook was taken away (it was {host}): pressed Starts are read by the next run. The program that had set it gets no updates of this bot any more',
    ru: 'вебхук снят (был: {host}): нажатия Start прочтёт следующий запуск. Программа, которая его поставила, обновлений этого бота больше не получит',
  },
  noWebhookToDelete: { en: 'no webhook was set, so there was nothing to take away', ru: 'вебхука и не было, снимать нечего' },
  pending: {
    en: '{n, plural, =0 {no updates wait} one {# update waits} other {# updates wait}} for the next run',
    ru: '{n, plural, =0 {обновлений, ждущих запуска, нет} one {# обновление ждёт следующего запуска} few {# обновления ждут следующего запуска} many {# обновлений ждут следующего запуска} other {# обновления ждут следующего запуска}}',
  },
  bound: { en: 'the ledger knows this bot', ru: 'журнал знает этого бота' },
  unbound: {
    en: 'the ledger doesn’t know this bot yet; its first run binds it',
    ru: 'журнал ещё не знает этого бота; его привяжет первый запуск',
  },
  commandsSet: { en: 'the menu of commands is set, in Russian and English', ru: 'меню команд установлено, по-русски и по-английски' },
} satisfies Record<string, Sentence>;

export function renderBots(bots: readonly AskedBot[], viewer: Viewer): string {
  const { language } = viewer;
  return bots
    .map(({ botId, username, firstName, webhook, webhookDeleted, pending, bound, commandsSet, findings }) =>
      [
        say(BOT_LINES.head, language, { username, name: showName(firstName, language), bot: botId }),
        ...indent([
          sayWebhook({ webhook, webhookDeleted }, language),
          say(BOT_LINES.pending, language, { n: pending }),
          say(bound ? BOT_LINES.bound : BOT_LINES.unbound, language),
          ...(commandsSet ? [say(BOT_LINES.commandsSet, language)] : []),
          ...findings.map((finding) => sayFinding(finding, viewer)),
        ]),
      ].join('\n'),
    )
    .join('\n\n');
}

function sayWebhook({ webhook, webhookDeleted }: Pick<AskedBot, 'webhook' | 'webhookDeleted'>, language: Language): string {
  if (webhookDeleted !== null)
    return webhookDeleted.host === null
      ? say(BOT_LINES.noWebhookToDelete, language)
      : say(BOT_LINES.webhookDeleted, language, { host: webhookDeleted.host });
  return webhook === null ? say(BOT_LINES.noWebhook, language) : say(BOT_LINES.webhook, language, { host: webhook });
}
