import { diffWall } from '../core/wall-time.ts';
import type { BotId, Instant } from '../core/glossary.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import type { Keyring } from '../ports/host.ts';
import { keysKnownAs } from '../run/known-keys.ts';
import type { CommandCall } from './command.ts';
import type { StatusReport } from '../ports/desk.ts';
import type { Site } from './site.ts';

const DAY_MS = 86_400_000;
/** A signal that no run has served for so long: the program doesn't start, or ends before it gets there. */
const UNREAD_MS = 30 * 60_000;
/** Host and database may be this far apart before anybody is told. */
const CLOCKS_MS = 60_000;
/** A run's heartbeat moves with each commit; calls of a minute and a server's slow answer lie well below. */
const SILENT_MS = 180_000;

interface Looked {
  /** Null: the settings name no bot. */
  readonly bot: { readonly botId: BotId | null; readonly tasks: readonly TaskSettings[] };
  readonly report: StatusReport;
  /** The same of all bots together. */
  readonly whole: StatusReport;
  readonly smsInDoubt: number;
}

/** What a person should know of a bot's standing, the gravest first. Until there is a `doctor`, this is the place (decision 28). */
export function findInStatus(call: CommandCall, site: Site, looked: Looked): readonly Finding[] {
  const { report } = looked;
  return [
    ...findPlace(report),
    ...findKey(call, site, report),
    ...findForeignTasks(looked),
    ...findDoubt(looked),
    ...findRuns(report),
    ...findPauses(report),
    ...findPolls(report),
    ...findSchedule(report),
    ...looked.bot.tasks.flatMap((task) => findTask(task, report)),
    ...(report.notesFailed > 0 ? [{ code: 'notes_failed', args: { n: report.notesFailed } }] : []),
    ...findClocks(call.doors.clock.now(), report),
    ...site.findings,
    ...looked.bot.tasks.flatMap((task) => task.findings),
  ];
}

function findPlace({ place }: StatusReport): Finding[] {
  return place !== undefined && place.boundTo !== place.here
    ? [{ code: 'open_copy', args: { boundTo: place.boundTo, here: place.here } }]
    : [];
}

function findKey({ doors }: CommandCall, { keyPath }: Site, { place }: StatusReport): Finding[] {
  let keys: Keyring & { readonly readableByOthers: boolean };
  try {
    keys = doors.openKeyring(keyPath);
  } catch (error) {
    // The keyring is an adapter, which this layer can't import: its error is known by its name.
    if (error instanceof Error && error.name === 'KeyringProblem') return [{ code: 'key_unusable', args: { file: keyPath } }];
    throw error;
  }
  const differs = place !== undefined && keysKnownAs(keys, place.keyFingerprint) === null;
  return [
    ...(differs ? [{ code: 'key_differs', args: { expected: place.keyFingerprint } }] : []),
    ...(!differs && keys.next !== undefined ? [{ code: 'key_unfinished', args: { file: keyPath } }] : []),
    ...(keys.readableByOthers ? [{ code: 'key_readable', args: { file: keyPath } }] : []),
  ];
}

/** A task that the ledger knows under another bot only: its next run will be turned away. */
function findForeignTasks({ bot, report, whole }: Looked): Finding[] {
  if (report.bound || bot.botId === null) return [];
  return bot.tasks
    .filter(({ id }) => whole.tasks.some((task) => task.taskId === id))
    .map(({ id }) => ({ code: 'bot_of_another', args: { task: id } }));
}

function findDoubt({ report: { deliveries }, smsInDoubt }: Looked): Finding[] {
  const n = deliveries.in_doubt ?? 0;
  return [
    ...(n > 0 ? [{ code: 'in_doubt_waiting', args: { n } }] : []),
    ...(smsInDoubt > 0 ? [{ code: 'sms_in_doubt_waiting', args: { n: smsInDoubt } }] : []),
  ];
}

function findRuns({ runs, holder, now }: StatusReport): Finding[] {
  if (holder !== null && now - holder.heartbeatAt > SILENT_MS)
    return [{ code: 'holder_silent', args: { host: holder.host, pid: String(holder.pid), span: now - holder.heartbeatAt } }];
  const last = runs.find((run) => run.finishedAt !== null);
  if (last === undefined) return runs.length === 0 ? [{ code: 'never_run', args: {} }] : [];
  if (last.exitCode === null) return [{ code: 'run_died', args: { runNo: String(last.runNo) } }];
  const failed = last.exitCode >= 1 && last.exitCode <= 7;
  return failed ? [{ code: 'last_run_failed', args: { exit: last.exitCode } }] : [];
}

function findPauses({ pausedUntil, quietUntil, now }: StatusReport): Finding[] {
  const findings: Finding[] = [];
  if (pausedUntil === Number.POSITIVE_INFINITY) findings.push({ code: 'paused', args: { until: '' } });
  else if (pausedUntil !== null && pausedUntil > now) findings.push({ code: 'paused_until', args: { at: pausedUntil } });
  if (quietUntil !== null && quietUntil > now) findings.push({ code: 'status_quiet', args: { at: quietUntil } });
  return findings;
}

function findPolls({ polledAt, runs, now }: StatusReport): Finding[] {
  if (polledAt === null) return runs.length > 0 ? [{ code: 'never_asked', args: {} }] : [];
  const hours = Math.floor((now - polledAt) / 3_600_000);
  return now - polledAt > DAY_MS ? [{ code: 'never_polled', args: { hours } }] : [];
}

/** Started by whoever fires the task and by a schedule: when both fall silent, nobody is told anything, and Telegram forgets who pressed Start. */
function findSchedule({ runs, holder, unreadSince, now }: StatusReport): Finding[] {
  if (unreadSince !== null && now - unreadSince > UNREAD_MS) return [{ code: 'word_unread', args: { span: now - unreadSince } }];
  const [newest] = runs;
  if (newest === undefined || holder !== null) return [];
  const span = now - (newest.finishedAt ?? newest.startedAt);
  if (span > DAY_MS) return [{ code: 'runs_stopped', args: { span } }];
  const gap = Math.max(0, ...runs.slice(1).map((run, at) => (runs[at]?.startedAt ?? 0) - (run.finishedAt ?? run.startedAt)));
  return gap > DAY_MS ? [{ code: 'runs_rare', args: { span: gap } }] : [];
}

function findTask({ id }: TaskSettings, { tasks, wallNow }: StatusReport): Finding[] {
  const past = tasks.find((task) => task.taskId === id);
  if (past === undefined || wallNow === undefined) return [];
  const findings: Finding[] = [];
  if (past.brakeHeldAt !== null) findings.push({ code: 'brake_holds', args: { task: id, wall: past.brakeHeldAt } });
  if (past.watermark === null) return findings;
  const behind = diffWall(wallNow, past.watermark);
  if (behind > DAY_MS) findings.push({ code: 'look_long_ago', args: { task: id, wall: past.watermark, span: behind } });
  // Five minutes as in the look itself: less is a clock that was set right.
  if (behind < -300_000) findings.push({ code: 'watermark_future', args: { task: id } });
  return findings;
}

function findClocks(hostNow: Instant, { now }: StatusReport): Finding[] {
  const apart = Math.abs(hostNow - now);
  return apart > CLOCKS_MS ? [{ code: 'clocks_apart', args: { span: apart } }] : [];
}
