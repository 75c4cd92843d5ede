import { EXIT } from '../../core/exit-code.ts';
import type { Finding } from '../../core/settings.ts';
import { chooseWay, judgeWays, START_WAYS } from '../../core/starting.ts';
import type { JudgedWay, ServerStart, StartWay } from '../../core/starting.ts';
import type { Command } from '../command.ts';
import { atDesk } from '../desk.ts';
import { CommandProblem } from '../problem.ts';
import { renderCheck, renderSchedule, renderWaySet } from '../render/schedule.ts';
import { describeInstallation, findInInstallation } from '../schedule/installation.ts';
import type { System } from '../schedule/installation.ts';
import { scheduleSteps } from '../schedule/steps.ts';
import { openSite } from '../site.ts';

/** `schedule print`: all that is to be run and clicked, filled in for this installation; with `--save` the files are written too. */
export const printSchedule: Command = async (call) => {
  const site = await openSite(call, { token: false });
  const server = await atDesk(call, site, (desk) => desk.readStart());
  const here: System = call.doors.program.system;
  const system = readSystem(call.flags['os']) ?? here;
  const wanted = readWay(call.flags['way']);
  const way = wanted ?? (system === 'linux' ? 'none' : chooseWay(server));
  if (system === 'linux' && way !== 'none') throw new CommandProblem(EXIT.usage, [{ code: 'schedule_way_linux', args: { way } }]);
  const judged = judgedWay(server, way);
  refuseForGood(judged);
  const installation = describeInstallation(call, site);
  const steps = scheduleSteps(installation, { way, system, database: server.engine === 'embedded' ? null : server.database });
  const findings = [...findObstacles(judged, ['not_set_up', 'set_up_unseen']), ...findInInstallation(installation, { site, system, here })];
  const folder = call.flags['save'];
  const saved =
    typeof folder === 'string'
      ? call.doors.saveFiles(
          folder,
          steps.flatMap(({ files }) => files),
        )
      : [];
  return {
    code: EXIT.done,
    text: renderSchedule({ way, chosen: wanted === null, embedded: server.engine === 'embedded', steps, findings, saved }, site.language),
    json: { schema: 1, command: 'schedule print', exitCode: EXIT.done, way, system, steps, findings, saved },
  };
};

/** `schedule check`: which ways this server allows, and whether the one in force works. */
export const checkSchedule: Command = async (call) => {
  const site = await openSite(call, { token: false });
  const server = await atDesk(call, site, (desk) => desk.readStart());
  const ways = judgeWays(server);
  const inForce = server.way ?? 'none';
  const code = judgedWay(server, inForce).ready ? EXIT.done : EXIT.no;
  const recommended = chooseWay(server);
  return {
    code,
    text: renderCheck({ server, ways, inForce, recommended }, site.language),
    json: { schema: 1, command: 'schedule check', exitCode: code, server, ways, inForce, recommended },
  };
};

/** `schedule set`: puts a way into force that is set up already. */
export const setSchedule: Command = async (call) => {
  const way = readWay(call.flags['way']);
  if (way === null) throw new CommandProblem(EXIT.usage, [{ code: 'schedule_way_missing', args: {} }]);
  const site = await openSite(call, { token: false });
  const before = await atDesk(call, site, async (desk) => {
    const server = await desk.readStart();
    const judged = judgedWay(server, way);
    refuseForGood(judged);
    // What this login can't see is no reason against it.
    const obstacles = findObstacles(judged, ['agent_unseen', 'shell_unseen', 'set_up_unseen']);
    if (obstacles.length > 0) throw new CommandProblem(EXIT.no, obstacles);
    await desk.setStartWay(way);
    return server.way;
  });
  return {
    code: EXIT.done,
    text: renderWaySet(way, site.language),
    json: { schema: 1, command: 'schedule set', exitCode: EXIT.done, way, before },
  };
};

function judgedWay(server: ServerStart, way: StartWay): JudgedWay {
  const judged = judgeWays(server).find((one) => one.way === way);
  if (judged === undefined) throw new Error(`no way ${way}`);
  return judged;
}

/** Nothing that a person could set up would make this way work here. */
function refuseForGood(judged: JudgedWay): void {
  const forGood = findObstacles(judged, []).filter(({ code }) => FOR_GOOD.includes(code));
  if (forGood.length > 0) throw new CommandProblem(EXIT.no, forGood);
}

const FOR_GOOD: readonly string[] = ['start_embedded', 'start_edition_without_agent', 'start_linux'];

function findObstacles({ way, obstacles }: JudgedWay, without: readonly string[]): Finding[] {
  return obstacles.filter((obstacle) => !without.includes(obstacle)).map((obstacle) => ({ code: `start_${obstacle}`, args: { way } }));
}

/** Commander has checked the choices. */
function readWay(flag: unknown): StartWay | null {
  return START_WAYS.find((way) => way === flag) ?? null;
}

function readSystem(flag: unknown): System | null {
  return flag === 'windows' || flag === 'linux' ? flag : null;
}
