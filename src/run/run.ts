import { EXIT, exitCodeOf } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import { holdPace, startPace } from '../core/pace.ts';
import { NOBODY_INVITED } from '../core/invited-sum.ts';
import type { Finding } from '../core/settings.ts';
import { NOTHING_PULLED, NOTHING_SENT, uniqueFindings } from '../core/summary.ts';
import type { RunSummary } from '../core/summary.ts';
import type { OpenAnswer, OpenedRun } from '../ports/opening.ts';
import { commonSettings } from './common.ts';
import type { Journey, RunApp, ServedReport, Silence } from './context.ts';
import { finish } from './finish.ts';
import { startInviting } from './inviting.ts';
import { open } from './open.ts';
import { wokenRequest } from './request.ts';
import type { RunRequest } from './request.ts';
import { serve } from './serve.ts';

/** The whole story of one run: let in, serve, unlock, and serve again while a newer word has come. */
export async function run(given: RunApp, asked: RunRequest): Promise<RunSummary> {
  let app = given;
  let request = asked;
  const startedAt = app.clock.now();
  const journey = setOut(app, asked);
  let served: ServedReport | null = null;
  for (;;) {
    const { answer, runner, keys } = await open(app, request);
    app = { ...app, keys };
    const frame = { startedAt, runId: runner.runId };
    if (answer.answer !== 'opened') {
      // A newer word that another run serves by now is none of ours any more.
      if (served !== null && answer.answer === 'busy') return summarize(app, request, { ...frame, opened: null, served });
      return turnedAway(app, request, { ...frame, answer, served });
    }
    if (served !== null) holdPace(journey.pace, app.clock.monotonic());
    hearSilence(journey.silence, answer, app.clock.monotonic());
    served = await serve(app, request, {
      held: { ...journey, runId: runner.runId, opened: answer, deadline: deadlineOf(app, request) },
      before: served,
    });
    const summary = summarize(app, request, { ...frame, opened: answer, served });
    if (served.ended === 'lock_lost') return summary;
    const { again } = await finish(app, summary, served.wakeNo);
    if (again && app.signal.aborted) return { ...summary, exitCode: exitCodeOf([summary.exitCode, EXIT.interrupted]) };
    // Whoever asks to mark only wants no message out of this very command; the next scheduled run serves the word.
    if (!again || asked.kind === 'mark_only') return summary;
    request = wokenRequest(request);
  }
}

function setOut(app: RunApp, { tasks }: RunRequest): Journey {
  const { rate, concurrency } = commonSettings(tasks);
  return {
    pace: startPace(rate, concurrency, app.clock.monotonic()),
    silence: { until: 0, unsaved: false },
    waiting: new Set(),
    inviting: startInviting(),
  };
}

/** Each time the lock is taken is a run of its own: with the first one's limit, the word it came back for would be planned and never told. */
function deadlineOf(app: RunApp, { kind, tasks }: RunRequest): number | null {
  const { timeLimitMs } = commonSettings(tasks);
  return kind !== 'since_last' || timeLimitMs === null ? null : app.clock.monotonic() + timeLimitMs;
}

/** A 429 of an earlier run, carried over to this process's own clock. */
function hearSilence(silence: Silence, { quietUntil, now }: OpenedRun, monotonic: number): void {
  if (quietUntil !== null) silence.until = Math.max(silence.until, monotonic + Math.max(0, quietUntil - now));
}

interface Frame {
  readonly startedAt: number;
  readonly runId: string;
}

function summarize(
  app: RunApp,
  request: RunRequest,
  course: Frame & { readonly opened: OpenedRun | null; readonly served: ServedReport },
): RunSummary {
  const { pulled, tasks, sent, invited, codes, findings } = course.served;
  return {
    ...frameOf(app, request, course),
    runNo: course.opened?.runNo ?? null,
    opened: 'opened',
    exitCode: exitCodeOf(codes),
    pulled,
    tasks,
    sent,
    invited,
    findings: uniqueFindings([...request.tasks.flatMap((task) => task.findings), ...findings]),
  };
}

/** Exit codes of those who aren't let in; a taken lock is no fault, as the holder sees the word that was left. */
const TURNED_AWAY: Readonly<Record<Exclude<OpenAnswer['answer'], 'opened'>, ExitCode>> = {
  busy: EXIT.done,
  copy: EXIT.place,
  restored: EXIT.place,
  other_bot: EXIT.usage,
  other_key: EXIT.usage,
};

/** Not let in; or not let in again, and then what was done before is still told. */
function turnedAway(
  app: RunApp,
  request: RunRequest,
  course: Frame & { readonly answer: Exclude<OpenAnswer, { answer: 'opened' }>; readonly served: ServedReport | null },
): RunSummary {
  const { served } = course;
  const { answer } = course.answer;
  const waited = answer === 'busy' && request.kind === 'since';
  const code = app.signal.aborted ? EXIT.interrupted : waited ? EXIT.unreachable : TURNED_AWAY[answer];
  app.journal.tell('turned_away', { run: course.runId, answer });
  return {
    ...frameOf(app, request, course),
    runNo: null,
    opened: answer,
    exitCode: exitCodeOf([...(served?.codes ?? []), code]),
    pulled: served?.pulled ?? NOTHING_PULLED,
    tasks: served?.tasks ?? [],
    sent: served?.sent ?? NOTHING_SENT,
    invited: served?.invited ?? NOBODY_INVITED,
    findings: uniqueFindings([...(served?.findings ?? []), { code: `open_${answer}`, args: openArgs(course.answer) }]),
  };
}

function openArgs(answer: Exclude<OpenAnswer, { answer: 'opened' }>): Finding['args'] {
  switch (answer.answer) {
    case 'busy':
      return { host: answer.holder?.host ?? '?', pid: answer.holder?.pid ?? 0 };
    case 'copy':
      return { boundTo: answer.boundTo, here: answer.here };
    case 'restored':
      return { runNo: answer.runNo };
    case 'other_bot':
      return { boundTo: answer.boundTo };
    case 'other_key':
      return { expected: answer.expected };
  }
}

function frameOf(
  app: RunApp,
  request: RunRequest,
  { startedAt, runId }: Frame,
): Pick<RunSummary, 'schema' | 'command' | 'bot' | 'runId' | 'startedAt' | 'finishedAt'> {
  return { schema: 1, command: 'run', bot: request.botId, runId, startedAt, finishedAt: app.clock.now() };
}
