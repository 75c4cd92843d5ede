import { EXIT, exitCodeOf } from '../../core/exit-code.ts';
import type { RunSummary } from '../../core/summary.ts';
import { preview } from '../../run/preview.ts';
import type { RunRequest } from '../../run/request.ts';
import { run as runBot } from '../../run/run.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import type { Doors } from '../doors.ts';
import { readFlags } from '../flags.ts';
import type { FlagReader } from '../flags.ts';
import { CommandProblem } from '../problem.ts';
import { renderDryRun } from '../render/dry-run.ts';
import { renderFailure } from '../render/failure.ts';
import { renderProgress } from '../render/progress.ts';
import { renderRun } from '../render/run.ts';
import { openSite } from '../site.ts';
import type { BotTasks, Site } from '../site.ts';
import { sayLeftOut, tellFailure, tellLeftOut, tellTasks } from '../task-log.ts';

const SHOWN = 20;

type Wish = Omit<RunRequest, 'botId' | 'tasks' | 'asked'>;

/** `run`: each bot of the settings in turn, so that one unusable account doesn't silence the others. */
export const run: Command = async (call) => {
  try {
    return await runBots(call);
  } catch (error) {
    if (isScheduled(call)) await tellFailure(call, error);
    throw error;
  }
};

/** What a person started by hand is told to that person alone. */
function isScheduled({ flags }: CommandCall): boolean {
  return !['since', 'until', 'dryRun', 'markOnly'].some((flag) => flags[flag] !== undefined);
}

async function runBots(call: CommandCall): Promise<CommandResult> {
  const flags = readFlags(call.flags);
  const wish = readWish(flags);
  const show = flags.count('show', { min: 0, max: 100_000 }) ?? SHOWN;
  const dryRun = flags.on('dryRun');
  flags.check();
  const leavesOut = isScheduled(call) && flags.text('task') === null;
  const site = await openSite(call, { token: true, waits: flags.on('sinceLast') && !dryRun, leavesOut });
  if (dryRun) return showDryRun(call, { site, wish, show });
  await refuseSince(call.doors, site, wish);
  const summaries: RunSummary[] = [];
  for (const bot of site.bots) summaries.push(await runOne(call, site, { bot, wish }));
  const { leftOut } = site.settings;
  if (leftOut.length > 0) await tellLeftOut(call, site);
  const code = exitCodeOf([...summaries.map((summary) => summary.exitCode), ...leftOut.map(() => EXIT.usage)]);
  return {
    code,
    text: [renderRun(summaries, site.language), ...leftOut.map((task) => sayLeftOut(task, site.language))].join('\n'),
    json: {
      schema: 1,
      command: 'run',
      exitCode: code,
      runs: summaries,
      leftOut: leftOut.map(({ taskId, problems }) => ({ taskId, problems: problems.map(({ code: problem }) => problem) })),
    },
  };
}

function readWish(flags: FlagReader): Wish {
  const since = flags.date('since');
  const until = flags.date('until');
  if (until !== null && since === null && flags.text('since') === null) flags.problem({ code: 'until_without_since', args: {} });
  if (since !== null && until !== null && until <= since) flags.problem({ code: 'until_before_since', args: { since, until } });
  return {
    kind: flags.on('markOnly') ? 'mark_only' : since === null ? 'since_last' : 'since',
    since,
    until,
    customers: flags.guids('customer'),
    operations: flags.guids('operation'),
    limit: flags.count('limit', { min: 1, max: 1_000_000 }),
    maxAgeMs: flags.duration('maxAge'),
    yes: flags.on('yes'),
  };
}

/**
 * A date in the future finds nothing and is a slip of the hand; the database's clock decides what the future is. Behind what `prune` has
 * forgotten, the ledger can't say any more what was told.
 */
async function refuseSince(doors: Doors, site: Site, { since }: Wish): Promise<void> {
  if (since === null) return;
  const reader = await doors.openPlanReader(site.place);
  try {
    const { wallNow } = await reader.readClock();
    if (since > wallNow) throw new CommandProblem(EXIT.usage, [{ code: 'since_in_future', args: { since, now: wallNow } }]);
    for (const { botId } of site.bots) {
      const horizon = await reader.readHorizon(botId);
      if (horizon !== null && since < horizon) throw new CommandProblem(EXIT.usage, [{ code: 'since_pruned', args: { since, horizon } }]);
    }
  } finally {
    await reader.close();
  }
}

function requestOf(site: Site, turn: { readonly bot: BotTasks; readonly wish: Wish }): RunRequest {
  const { bot, wish } = turn;
  const asked = bot.tasks.filter((task) => site.tasks.some((one) => one.id === task.id)).map((task) => task.id);
  return { ...wish, botId: bot.botId, tasks: bot.tasks, asked };
}

async function showDryRun(
  call: CommandCall,
  turn: { readonly site: Site; readonly wish: Wish; readonly show: number },
): Promise<CommandResult> {
  const { site, wish, show } = turn;
  await refuseSince(call.doors, site, wish);
  const reader = await call.doors.openPlanReader(site.place);
  try {
    const dryRuns = [];
    for (const bot of site.bots)
      dryRuns.push({
        bot: bot.botId,
        ...(await preview({ reader, openGateway: call.doors.openGateway }, requestOf(site, { bot, wish }), show)),
      });
    const code = exitCodeOf(dryRuns.map((one) => one.exitCode));
    return {
      code,
      text: renderDryRun(dryRuns, site.language),
      json: { schema: 1, command: 'run', dryRun: true, exitCode: code, runs: dryRuns },
    };
  } finally {
    await reader.close();
  }
}

async function runOne(call: CommandCall, site: Site, turn: { readonly bot: BotTasks; readonly wish: Wish }): Promise<RunSummary> {
  const { doors, terminal } = call;
  const request = requestOf(site, turn);
  const [first] = turn.bot.tasks;
  if (first === undefined) throw new Error('a bot without tasks');
  const keys = doors.openKeyring(site.keyPath);
  const journal = doors.openJournal(site.log, doors.newId());
  const channel = doors.openChannel(first.telegram);
  try {
    const ledger = await doors.openLedger(site.place);
    try {
      const progress = renderProgress(terminal, site.language);
      const { clock, newId, host, pid } = doors;
      const summary = await runBot(
        {
          ledger,
          channel,
          openGateway: doors.openGateway,
          clock,
          journal,
          keys,
          memory: doors.openMemory(site.memoryPath, site.place),
          progress,
          newId,
          host,
          pid,
          signal: terminal.signal,
        },
        request,
      );
      await tellTasks(ledger, summary, { asked: request.asked, journal });
      return keys.readableByOthers
        ? { ...summary, findings: [...summary.findings, { code: 'key_readable', args: { file: site.keyPath } }] }
        : summary;
    } finally {
      await ledger.close();
    }
  } catch (error) {
    const { code, name } = renderFailure(error, site.language);
    // Only faults go to standard error too: a refusal is about to be told there as a sentence.
    journal[code === EXIT.fault ? 'fail' : 'warn']('run_failed', { error: error instanceof Error ? error.name : 'unknown', code: name });
    throw error;
  } finally {
    channel.close();
    await journal.close();
  }
}
