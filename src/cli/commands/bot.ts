import { BOT_COMMANDS } from '../../core/bot-texts.ts';
import { EXIT, exitCodeOf } from '../../core/exit-code.ts';
import type { Finding } from '../../core/settings.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Desk } from '../../ports/desk.ts';
import { askIdentity, toProblem, withChannel } from '../ask-bot.ts';
import type { Command, CommandCall } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { renderBots } from '../render/bot.ts';
import type { AskedBot } from '../render/bot.ts';
import { openSite } from '../site.ts';
import type { BotTasks } from '../site.ts';
import { zoneOf } from '../zone.ts';

/** `bot`: who each bot of the settings is, whether anybody else reads its updates, and whether the ledger is its own. */
export const bot: Command = async (call) => {
  const site = await openSite(call, { token: true });
  const wish = { setCommands: call.flags['setCommands'] === true, deleteWebhook: call.flags['deleteWebhook'] === true };
  const bots = await atDesk(call, site, async (desk) => {
    const asked: AskedBot[] = [];
    for (const one of site.bots) asked.push(await askBot(call, desk, { asked: one, ...wish }));
    return asked;
  });
  const code = exitCodeOf(
    bots.flatMap(({ findings }) => findings.map(({ code: finding }) => (finding === 'bot_of_another' ? EXIT.usage : EXIT.account))),
  );
  return {
    code,
    text: renderBots(bots, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'bot', exitCode: code, bots },
  };
};

interface Wish {
  readonly setCommands: boolean;
  readonly deleteWebhook: boolean;
}

async function askBot(
  call: CommandCall,
  desk: Desk,
  { asked, setCommands, deleteWebhook }: Wish & { readonly asked: BotTasks },
): Promise<AskedBot> {
  return withChannel(call, asked, async (channel) => {
    const { username, firstName } = await askIdentity(call, channel);
    const webhook = await channel.readWebhook();
    if (webhook.answer !== 'webhook') throw toProblem(webhook, call.doors.clock.now());
    if (setCommands) await putCommands(call, channel);
    const { bound, findings } = await compareWithLedger(desk, asked);
    const host = hostOf(webhook.url);
    if (deleteWebhook && host !== null) checkDone(call, await channel.deleteWebhook());
    const left = deleteWebhook ? null : host;
    const set: Finding[] = left === null ? [] : [{ code: 'webhook_set', args: { host: left } }];
    return {
      botId: asked.botId,
      username,
      firstName,
      webhook: left,
      webhookDeleted: deleteWebhook ? { host } : null,
      pending: webhook.pending,
      bound,
      commandsSet: setCommands,
      findings: [...set, ...findings],
    };
  });
}

/** Russian also for every language without a menu of its own. */
async function putCommands(call: CommandCall, channel: Channel): Promise<void> {
  for (const [commands, language] of [
    [BOT_COMMANDS.ru, null],
    [BOT_COMMANDS.en, 'en'],
  ] as const) {
    checkDone(call, await channel.setCommands(commands, language));
  }
}

function checkDone(call: CommandCall, answer: Awaited<ReturnType<Channel['setCommands']>>): void {
  if (answer.answer !== 'done') throw toProblem(answer, call.doors.clock.now());
}

/** Bound: runs have been made with this bot. A task known under another bot only would be turned away. */
async function compareWithLedger(
  desk: Desk,
  { botId, tasks }: BotTasks,
): Promise<{ readonly bound: boolean; readonly findings: readonly Finding[] }> {
  const own = await readStatusReport(desk, botId);
  const bound = own.bound ?? own.runs.length > 0;
  if (bound) return { bound, findings: [] };
  const whole = await readStatusReport(desk, null);
  const foreign = tasks.filter(({ id }) => whole.tasks.some(({ taskId }) => taskId === id));
  return { bound, findings: foreign.map(({ id }) => ({ code: 'bot_of_another', args: { task: id } })) };
}

/** Only the host: others' webhooks often carry a secret in their path. Null where none is set. */
function hostOf(url: string): string | null {
  if (url === '') return null;
  return URL.canParse(url) ? new URL(url).host : '?';
}
