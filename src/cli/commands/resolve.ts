import { EXIT } from '../../core/exit-code.ts';
import type { BotId } from '../../core/glossary.ts';
import type { Desk } from '../../ports/desk.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { atDesk } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { maskInvitation } from '../masked-invitation.ts';
import type { MaskedInvitation } from '../masked-invitation.ts';
import { CommandProblem } from '../problem.ts';
import { renderInDoubt, renderResolved } from '../render/resolve.ts';
import type { Doubtful } from '../render/resolve.ts';
import { nameGuests, readChoice, signed } from '../rows.ts';
import type { RowChoice } from '../rows.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

const MOST_LISTED = 500;

type Verdict = Parameters<Desk['resolve']>[2];

interface Wish extends RowChoice {
  readonly verdict: Verdict;
  /** The rows are SMS. */
  readonly sms: boolean;
}

/** `resolve`: lists what is in doubt, notices and SMS, or writes down what a person knows of it. */
export const resolve: Command = async (call) => {
  const wish = readWish(call);
  const site = await openSite(call, { token: true });
  return atDesk(call, site, (desk) => (wish === null ? list(desk, site) : settle(call, desk, { site, wish })));
};

/** Null = only list. */
function readWish(call: CommandCall): Wish | null {
  const flags = readFlags(call.flags);
  const verdict = readVerdict(flags.text('as'));
  const choice = readChoice(call, flags);
  const sms = flags.on('sms');
  if (choice !== null && verdict === null) flags.problem({ code: 'resolve_as_missing', args: {} });
  if (sms && verdict === 'again') flags.problem({ code: 'resolve_sms_again', args: {} });
  if (choice === null && verdict !== null) flags.problem({ code: 'resolve_what_missing', args: {} });
  flags.check();
  return choice === null || verdict === null ? null : { ...choice, verdict, sms };
}

function readVerdict(text: string | null): Verdict | null {
  return text === 'delivered' || text === 'refused' || text === 'again' ? text : null;
}

async function list(desk: Desk, site: Site): Promise<CommandResult> {
  const doubtful: Doubtful[] = [];
  const sms: MaskedInvitation[] = [];
  for (const { botId } of site.bots) {
    doubtful.push(...(await nameGuests(desk, botId, await desk.listInDoubt(botId, MOST_LISTED))));
    const found = await desk.listInvitations({ botId, states: ['in_doubt'], reason: null, customers: null, limit: MOST_LISTED });
    sms.push(...found.map((story) => maskInvitation(botId, story, site.language)));
  }
  const rows = doubtful.map(({ guest, story }) => ({ guest, ...story }));
  return {
    code: EXIT.done,
    text: renderInDoubt({ notices: doubtful, sms }, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'resolve', exitCode: EXIT.done, inDoubt: rows, inDoubtSms: sms },
  };
}

async function settle(call: CommandCall, desk: Desk, { site, wish }: { readonly site: Site; readonly wish: Wish }): Promise<CommandResult> {
  let settled = 0;
  for (const { botId } of site.bots) settled += await settleOne(desk, botId, { ...wish, reason: signed(call, wish.reason) });
  const missed = wish.rows === 'all' ? 0 : wish.rows.length - settled;
  const code = missed > 0 ? EXIT.no : EXIT.done;
  const findings = missed > 0 ? [{ code: 'rows_not_in_doubt', args: { n: missed } }] : [];
  if (settled === 0 && missed > 0) throw new CommandProblem(EXIT.no, findings);
  const { verdict, sms } = wish;
  return {
    code,
    text: renderResolved({ settled, verdict, sms, findings }, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'resolve', exitCode: code, verdict, sms, settled, findings },
  };
}

function settleOne(desk: Desk, botId: BotId, { rows, verdict, sms, reason }: Wish): Promise<number> {
  return sms && verdict !== 'again' ? desk.resolveInvitations(botId, rows, verdict, reason) : desk.resolve(botId, rows, verdict, reason);
}
