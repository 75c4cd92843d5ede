import { EXIT } from '../../core/exit-code.ts';
import type { CustomerId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import { makePayload, startLink } from '../../core/start-payload.ts';
import type { KnownCustomer } from '../../core/subscriber.ts';
import type { Desk } from '../../ports/desk.ts';
import { keysKnownAs } from '../../run/known-keys.ts';
import { askIdentity, withChannel } from '../ask-bot.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { findOneCustomer } from '../customer-key.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { CommandProblem } from '../problem.ts';
import { renderChoice } from '../render/choice.ts';
import { renderLinks } from '../render/link.ts';
import type { MadeLink } from '../render/link.ts';
import { echo } from '../settings/echo.ts';
import { openSite } from '../site.ts';
import type { BotTasks, Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

/** `link`: a customer's personal link to each bot of the settings. Whoever opens it gets the account's notices. */
export const link: Command = async (call) => {
  const site = await openSite(call, { token: true });
  return atDesk(call, site, async (desk) => {
    const found = await findOneCustomer(desk, call.args[0] ?? '');
    if (found.answer === 'several') return choice(site, found.customers);
    const links: MadeLink[] = [];
    for (const bot of site.bots) links.push(await makeLink(call, { site, desk, bot, customerId: found.customerId }));
    const code = links.some(({ customer }) => !customer.live) ? EXIT.no : EXIT.done;
    const json = links.map(({ botId, username, url, customer, findings }) => ({
      bot: botId,
      username,
      url,
      customer: { id: customer.id, name: customer.name, live: customer.live, subscription: customer.subscription },
      findings,
    }));
    return {
      code,
      text: renderLinks(links, { language: site.language, zone: zoneOf(site.tasks) }),
      json: { schema: 1, command: 'link', exitCode: code, links: json },
    };
  });
};

interface LinkRequest {
  readonly site: Site;
  readonly desk: Desk;
  readonly bot: BotTasks;
  readonly customerId: CustomerId;
}

async function makeLink(call: CommandCall, { site, desk, bot, customerId }: LinkRequest): Promise<MadeLink> {
  const story = await desk.readStory(bot.botId, { customerId }, 1);
  if (story === null) throw new CommandProblem(EXIT.no, [{ code: 'customer_unknown', args: { value: echo(call.args[0] ?? '') } }]);
  const { customer } = story;
  const own = call.doors.openKeyring(site.keyPath);
  const { place } = await readStatusReport(desk, bot.botId);
  // A link that no run of this ledger will accept is worse than none.
  const keys = place === undefined ? own : keysKnownAs(own, place.keyFingerprint);
  if (keys === null) throw new CommandProblem(EXIT.usage, [{ code: 'key_differs', args: { expected: place?.keyFingerprint ?? '' } }]);
  const { username } = await withChannel(call, bot, (channel) => askIdentity(call, channel));
  const payload = makePayload(customer.id, { keys, botId: bot.botId, epoch: customer.subscription?.epoch ?? 0 });
  return { botId: bot.botId, username, url: startLink(username, payload), customer, findings: warnings(customer) };
}

function warnings({ live, subscription }: KnownCustomer): readonly Finding[] {
  if (!live) return [{ code: 'customer_not_live', args: {} }];
  return subscription?.state === 'active' ? [{ code: 'already_subscribed', args: { chat: subscription.chatId } }] : [];
}

function choice(site: Site, customers: readonly KnownCustomer[]): CommandResult {
  const shown = customers.map(({ id, name, group, live }) => ({ id, name, group, live }));
  return {
    code: EXIT.no,
    text: renderChoice(customers, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'link', exitCode: EXIT.no, links: [], customers: shown },
  };
}
