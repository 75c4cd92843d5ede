import { EXIT } from '../../core/exit-code.ts';
import { moneyToDecimal } from '../../core/money.ts';
import type { CustomerStory, Desk } from '../../ports/desk.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { findCustomers, readStoryKey } from '../customer-key.ts';
import type { StoryKey } from '../customer-key.ts';
import { atDesk } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { judgeLeftOut } from '../left-out.ts';
import { CommandProblem } from '../problem.ts';
import { renderChoice } from '../render/choice.ts';
import { renderStory } from '../render/story.ts';
import type { BotStory } from '../render/story.ts';
import { echo } from '../settings/echo.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

const SHOWN = 20;

/** `explain`: the whole story of a customer or an operation, also of what the filters left out. */
export const explain: Command = async (call) => {
  const flags = readFlags(call.flags);
  const limit = flags.count('limit', { min: 1, max: 500 }) ?? SHOWN;
  flags.check();
  const key = readStoryKey(call.args[0] ?? '');
  const site = await openSite(call, { token: true });
  return atDesk(call, site, async (desk) => {
    const found = await findCustomers(desk, key);
    if (found.length > 1) return choice(site, found);
    const asked = askFor(key, found[0]?.id ?? null);
    const stories = asked === null ? [] : await readStories(desk, site, { asked, limit });
    if (stories.length === 0) throw unknown(call, key);
    return {
      code: EXIT.done,
      text: stories.map((story) => renderStory(story, { language: site.language, zone: zoneOf(site.tasks) })).join('\n\n'),
      json: toJson(stories),
    };
  });
};

type Asked = Parameters<Desk['readStory']>[1];

function askFor(key: StoryKey, customerId: string | null): Asked | null {
  if (customerId !== null) return { customerId };
  return key.kind === 'id' ? { operationId: key.id } : null;
}

function unknown(call: CommandCall, key: StoryKey): CommandProblem {
  return new CommandProblem(EXIT.no, [
    { code: key.kind === 'id' ? 'story_unknown' : 'customer_unknown', args: { value: echo(call.args[0] ?? '') } },
  ]);
}

/** One story a bot: the operations are the same, what was told of them is not. */
async function readStories(
  desk: Desk,
  site: Site,
  { asked, limit }: { readonly asked: Asked; readonly limit: number },
): Promise<BotStory[]> {
  const stories: BotStory[] = [];
  for (const bot of site.bots) {
    const story = await desk.readStory(bot.botId, asked, limit);
    if (story === null) continue;
    const { tasks: pasts } = await desk.readStatus(bot.botId);
    const operations = story.operations.filter((operation) => !story.deliveries.some((row) => row.operationId === operation.id));
    const invitations = await desk.listInvitations({
      botId: bot.botId,
      states: null,
      reason: null,
      customers: [story.customer.id],
      limit,
    });
    stories.push({
      botId: bot.botId,
      tasks: bot.tasks,
      story,
      invitations,
      leftOut: await judgeLeftOut(desk, bot, { operations, pasts }),
      several: site.bots.length > 1,
      limit,
    });
  }
  return stories;
}

function choice(site: Site, customers: Parameters<typeof renderChoice>[0]): CommandResult {
  return {
    code: EXIT.done,
    text: renderChoice(customers, { language: site.language, zone: zoneOf(site.tasks) }),
    json: {
      schema: 1,
      command: 'explain',
      exitCode: EXIT.done,
      customers: customers.map(({ id, name, group, live }) => ({ id, name, group, live })),
      stories: [],
    },
  };
}

function toJson(stories: readonly BotStory[]): unknown {
  return {
    schema: 1,
    command: 'explain',
    exitCode: EXIT.done,
    customers: [],
    stories: stories.map(({ botId, story, invitations, leftOut }) => ({
      bot: botId,
      ...story,
      operations: shownOperations(story),
      invitations,
      leftOut: Object.fromEntries(leftOut),
    })),
  };
}

/** Money as decimal text: a bigint of 1/10,000 would be read as whole units. */
function shownOperations(story: CustomerStory): unknown {
  return story.operations.map((operation) => ({
    ...operation,
    sum: operation.sum === null ? null : moneyToDecimal(operation.sum),
    balanceAfter: operation.balanceAfter === null ? null : moneyToDecimal(operation.balanceAfter),
  }));
}
