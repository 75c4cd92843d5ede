import { EXIT } from '../../core/exit-code.ts';
import type { ExitCode } from '../../core/exit-code.ts';
import { budgetPeriods } from '../../core/invite-hours.ts';
import type { BotId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { Desk, StatusReport } from '../../ports/desk.ts';
import type { Command } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { renderStatus } from '../render/status.ts';
import type { BotStatus } from '../render/status.ts';
import { openSite } from '../site.ts';
import type { BotTasks } from '../site.ts';
import { findInStatus } from '../status-findings.ts';
import { zoneOf } from '../zone.ts';

/** Findings that no run mends by itself: with one of them the answer is no. */
const NEEDS_PERSON: readonly string[] = [
  'in_doubt_waiting',
  'sms_in_doubt_waiting',
  'last_run_failed',
  'open_copy',
  'key_differs',
  'key_unfinished',
  'key_unusable',
  'bot_of_another',
  'word_unread',
  'runs_stopped',
  'brake_holds',
];

/** `status`: how each bot of the settings stands. Without any token it tells of the whole ledger. */
export const status: Command = async (call) => {
  const site = await openSite(call, { token: false });
  const bots = await atDesk(call, site, async (desk) => {
    const whole = await readStatusReport(desk, null);
    const found: BotStatus[] = [];
    for (const bot of site.bots) {
      const report = await readStatusReport(desk, bot.botId);
      const spent = await readSpending(desk, bot, report);
      const smsInDoubt = await countSmsInDoubt(desk, bot.botId);
      const findings = findInStatus(call, site, { bot, report, whole, smsInDoubt });
      found.push({ botId: bot.botId, tasks: bot.tasks, report, spent, findings });
    }
    if (found.length > 0) return found;
    const tasks = site.tasks;
    return [
      {
        botId: null,
        tasks,
        report: whole,
        spent: null,
        findings: findInStatus(call, site, { bot: { botId: null, tasks }, report: whole, whole, smsInDoubt: 0 }),
      },
    ];
  });
  const code = exitCodeFor(bots.flatMap((bot) => bot.findings));
  const zone = zoneOf(site.tasks);
  return { code, text: renderStatus(bots, { language: site.language, zone }), json: toJson(bots, code) };
};

/** Null where no task invites. The day is that of the first one that does. */
async function readSpending(desk: Desk, { botId, tasks }: BotTasks, { now }: StatusReport): Promise<BotStatus['spent']> {
  const task = tasks.find(({ sms }) => sms.operator !== null);
  if (task === undefined) return null;
  return { ...(await desk.readSpent(botId, budgetPeriods(now, task.zone))), caps: task.sms.caps };
}

/** Counted up to what `resolve` lists. */
async function countSmsInDoubt(desk: Desk, botId: BotId): Promise<number> {
  return (await desk.listInvitations({ botId, states: ['in_doubt'], reason: null, customers: null, limit: 500 })).length;
}

function exitCodeFor(findings: readonly Finding[]): ExitCode {
  return findings.some((finding) => NEEDS_PERSON.includes(finding.code)) ? EXIT.no : EXIT.done;
}

/** Instants as UTC milliseconds; a pause without an end has `until: null`. */
function toJson(bots: readonly BotStatus[], exitCode: ExitCode): unknown {
  return {
    schema: 1,
    command: 'status',
    exitCode,
    bots: bots.map(({ botId, tasks, report: { pausedUntil, runs, ...report }, spent, findings }) => ({
      bot: botId,
      taskIds: tasks.map((task) => task.id),
      ...report,
      invitations: spent,
      runs: runs.map(({ summary, ...run }) => ({ ...run, summary: parsed(summary) })),
      paused: pausedUntil === null ? null : { until: Number.isFinite(pausedUntil) ? pausedUntil : null },
      findings,
    })),
  };
}

function parsed(summary: string | null): unknown {
  try {
    return summary === null ? null : JSON.parse(summary);
  } catch {
    return null;
  }
}
