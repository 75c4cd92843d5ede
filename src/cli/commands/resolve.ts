import { EXIT } from '../../core/exit-code.ts';
import { maskName } from '../../core/mask.ts';
import { plainText } from '../../core/multilingual.ts';
import type { BotId } from '../../core/glossary.ts';
import type { Desk } from '../../ports/desk.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { atDesk } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { CommandProblem } from '../problem.ts';
import { renderInDoubt, renderResolved } from '../render/resolve.ts';
import type { Doubtful } from '../render/resolve.ts';
import { echo } from '../settings/echo.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

const MOST_LISTED = 500;
const LONGEST_REASON = 500;

type Verdict = Parameters<Desk['resolve']>[2];

interface Wish {
  readonly rows: readonly number[] | 'all';
  readonly verdict: Verdict;
  readonly reason: string;
}

/** `resolve`: lists what is in doubt, or writes down what a person knows of it. */
export const resolve: Command = async (call) => {
  const wish = readWish(call);
  const site = await openSite(call, { token: true });
  return atDesk(call, site, (desk) => (wish === null ? list(desk, site) : settle(call, desk, { site, wish })));
};

/** Null = only list. */
function readWish(call: CommandCall): Wish | null {
  const flags = readFlags(call.flags);
  const verdict = readVerdict(flags.text('as'));
  const reason = flags.text('reason')?.trim() ?? null;
  const all = flags.on('all');
  const rows = call.args.map((text) => readRow(text));
  call.args.forEach((text, at) => {
    if (rows[at] === null) flags.problem({ code: 'bad_row', args: { value: echo(text) } });
  });
  const asked = all || rows.length > 0;
  if (asked && verdict === null) flags.problem({ code: 'resolve_as_missing', args: {} });
  if (!asked && (verdict !== null || reason !== null)) flags.problem({ code: 'resolve_what_missing', args: {} });
  if (all && rows.length > 0) flags.problem({ code: 'resolve_rows_and_all', args: {} });
  if (asked && (reason === null || reason === '')) flags.problem({ code: 'resolve_reason_missing', args: {} });
  if (reason !== null && reason.length > LONGEST_REASON) flags.problem({ code: 'reason_too_long', args: { max: LONGEST_REASON } });
  flags.check();
  if (!asked || verdict === null || reason === null) return null;
  return { rows: all ? 'all' : [...new Set(rows.flatMap((row) => row ?? []))], verdict, reason };
}

function readVerdict(text: string | null): Verdict | null {
  return text === 'delivered' || text === 'refused' || text === 'again' ? text : null;
}

function readRow(text: string): number | null {
  const row = /^\d{1,15}$/u.test(text.trim()) ? Number(text) : 0;
  return row > 0 ? row : null;
}

async function list(desk: Desk, site: Site): Promise<CommandResult> {
  const doubtful: Doubtful[] = [];
  for (const { botId } of site.bots) doubtful.push(...(await listOf(desk, botId)));
  const rows = doubtful.map(({ guest, story }) => ({ guest, ...story }));
  return {
    code: EXIT.done,
    text: renderInDoubt(doubtful, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'resolve', exitCode: EXIT.done, inDoubt: rows },
  };
}

async function listOf(desk: Desk, botId: BotId): Promise<Doubtful[]> {
  const stories = await desk.listInDoubt(botId, MOST_LISTED);
  const names = new Map<string, string>();
  for (const { customerId } of stories) {
    if (names.has(customerId)) continue;
    const [customer] = await desk.findCustomers({ id: customerId }, 1);
    names.set(customerId, maskName(plainText(customer?.name ?? '', 'ru')));
  }
  return stories.map((story) => ({ botId, story, guest: names.get(story.customerId) ?? '' }));
}

/** Who did it stands before the reason: the ledger outlives whoever typed. */
async function settle(call: CommandCall, desk: Desk, { site, wish }: { readonly site: Site; readonly wish: Wish }): Promise<CommandResult> {
  const { env, host } = call.doors;
  const who = `${env['SUDO_USER'] ?? env['USER'] ?? env['USERNAME'] ?? '?'}@${host}`;
  let settled = 0;
  for (const { botId } of site.bots) settled += await desk.resolve(botId, wish.rows, wish.verdict, `${who}: ${wish.reason}`);
  const missed = wish.rows === 'all' ? 0 : wish.rows.length - settled;
  const code = missed > 0 ? EXIT.no : EXIT.done;
  const findings = missed > 0 ? [{ code: 'rows_not_in_doubt', args: { n: missed } }] : [];
  if (settled === 0 && missed > 0) throw new CommandProblem(EXIT.no, findings);
  const { verdict } = wish;
  return {
    code,
    text: renderResolved({ settled, verdict, findings }, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'resolve', exitCode: code, verdict, settled, findings },
  };
}
