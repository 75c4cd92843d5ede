import { EXIT } from '../../core/exit-code.ts';
import type { Instant } from '../../core/glossary.ts';
import { instantAt, wallAt } from '../../core/wall-time.ts';
import type { Command, CommandCall } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { CommandProblem } from '../problem.ts';
import { renderPaused } from '../render/pause.ts';
import type { PausedBot } from '../render/pause.ts';
import { showWall } from '../render/when.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

/** `pause`: runs go on planning, nothing is sent. `--until` is in the restaurant's zone. */
export const pause: Command = async (call) => {
  const flags = readFlags(call.flags);
  const until = flags.date('until');
  flags.check();
  const site = await openSite(call, { token: true });
  const at = until === null ? null : laterThanNow(call, site, instantAt(until, zoneOf(site.tasks)));
  const bots = await atDesk(call, site, async (desk) => {
    const paused: PausedBot[] = [];
    for (const { botId } of site.bots) {
      const { bound, pausedUntil } = await readStatusReport(desk, botId);
      await desk.pause(botId, at);
      // A bot that no run has bound yet has no row for an end: it starts out paused for good.
      paused.push({ botId, until: bound ? at : null, bound, wasPaused: pausedUntil !== null });
    }
    return paused;
  });
  return {
    code: EXIT.done,
    text: renderPaused('pause', bots, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'pause', exitCode: EXIT.done, bots },
  };
};

/** `resume`: the next run sends again. */
export const resume: Command = async (call) => {
  const site = await openSite(call, { token: true });
  const bots = await atDesk(call, site, async (desk) => {
    const resumed: PausedBot[] = [];
    for (const { botId } of site.bots) {
      const { bound, pausedUntil } = await readStatusReport(desk, botId);
      await desk.resume(botId);
      resumed.push({ botId, until: null, bound, wasPaused: pausedUntil !== null });
    }
    return resumed;
  });
  return {
    code: EXIT.done,
    text: renderPaused('resume', bots, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'resume', exitCode: EXIT.done, bots },
  };
};

function laterThanNow({ doors }: CommandCall, { language, tasks }: Site, at: Instant): Instant {
  const now = doors.clock.now();
  if (at > now) return at;
  const zone = zoneOf(tasks);
  throw new CommandProblem(EXIT.usage, [
    { code: 'pause_until_past', args: { until: showWall(wallAt(at, zone), language), now: showWall(wallAt(now, zone), language), zone } },
  ]);
}
