import { EXIT } from '../../core/exit-code.ts';
import { OUR_REFUSALS } from '../../core/outcome.ts';
import type { Desk } from '../../ports/desk.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { atDesk } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { renderRefused, renderRetried } from '../render/retry.ts';
import type { Doubtful } from '../render/resolve.ts';
import { nameGuests, readChoice, signed } from '../rows.ts';
import type { RowChoice } from '../rows.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

const MOST_LISTED = 500;

/** `retry`: lists refusals that are ours (text, rights), or puts them back to be told when their cause is mended. */
export const retry: Command = async (call) => {
  const flags = readFlags(call.flags);
  const choice = readChoice(call, flags);
  flags.check();
  const site = await openSite(call, { token: true });
  return atDesk(call, site, (desk) => (choice === null ? list(desk, site) : putBack(call, desk, { site, choice })));
};

async function list(desk: Desk, site: Site): Promise<CommandResult> {
  const refused: Doubtful[] = [];
  for (const { botId } of site.bots)
    refused.push(...(await nameGuests(desk, botId, await desk.listRefused(botId, OUR_REFUSALS, MOST_LISTED))));
  return {
    code: EXIT.done,
    text: renderRefused(refused, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'retry', exitCode: EXIT.done, refused: refused.map(({ guest, story }) => ({ guest, ...story })) },
  };
}

async function putBack(
  call: CommandCall,
  desk: Desk,
  { site, choice }: { readonly site: Site; readonly choice: RowChoice },
): Promise<CommandResult> {
  let back = 0;
  for (const { botId } of site.bots)
    back += await desk.retry({ botId, rows: choice.rows, codes: OUR_REFUSALS, reason: signed(call, choice.reason) });
  const missed = choice.rows === 'all' ? 0 : choice.rows.length - back;
  const code = missed > 0 ? EXIT.no : EXIT.done;
  return {
    code,
    text: renderRetried({ back, missed }, site.language),
    json: { schema: 1, command: 'retry', exitCode: code, back, missed },
  };
}
