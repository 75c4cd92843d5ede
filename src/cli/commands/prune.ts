import { EXIT } from '../../core/exit-code.ts';
import { addWall } from '../../core/wall-time.ts';
import type { BotId } from '../../core/glossary.ts';
import type { Pruned } from '../../ports/desk.ts';
import type { Command } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { CommandProblem } from '../problem.ts';
import { renderPruned } from '../render/prune.ts';
import { openSite } from '../site.ts';

const DAY_MS = 86_400_000;
/** The overlap look goes back 7 days; a month beside it is what late rows and doubts need. */
const YOUNGEST_DAYS = 37;

/** `prune`: forgets texts, attempts and runs of long ago. Without `--yes` it only says what it would reach. */
export const prune: Command = async (call) => {
  const flags = readFlags(call.flags);
  const age = flags.duration('olderThan');
  if (age === null && flags.text('olderThan') === null) flags.problem({ code: 'prune_age_missing', args: {} });
  if (age !== null && age < YOUNGEST_DAYS * DAY_MS) flags.problem({ code: 'prune_too_young', args: { days: YOUNGEST_DAYS } });
  const yes = flags.on('yes');
  flags.check();
  const site = await openSite(call, { token: true });
  const { language } = site;
  return atDesk(call, site, async (desk) => {
    const bots: { readonly botId: BotId; readonly before: string; readonly pruned: Pruned | null }[] = [];
    for (const { botId } of site.bots) {
      const { wallNow, bound } = await readStatusReport(desk, botId);
      if (!bound) continue;
      const before = addWall(wallNow, -(age ?? 0));
      bots.push({ botId, before, pruned: yes ? await desk.prune(botId, before) : null });
    }
    if (bots.length === 0) throw new CommandProblem(EXIT.no, [{ code: 'never_run', args: {} }]);
    const code = yes ? EXIT.done : EXIT.no;
    return { code, text: renderPruned(bots, language), json: { schema: 1, command: 'prune', exitCode: code, done: yes, bots } };
  });
};
