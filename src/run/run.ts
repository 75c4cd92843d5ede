import { EXIT, exitCodeOf } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import { startPace } from '../core/pace.ts';
import type { Finding } from '../core/settings.ts';
import { NOTHING_PULLED, NOTHING_SENT } from '../core/summary.ts';
import type { RunSummary } from '../core/summary.ts';
import type { OpenAnswer, OpenedRun } from '../ports.ts';
import type { HeldRun, RunApp, ServedReport, Silence } from './context.ts';
import { finish } from './finish.ts';
import { open } from './open.ts';
import { wokenRequest } from './request.ts';
import type { RunRequest } from './request.ts';
import { serve } from './serve.ts';

/** The whole story of one run: let in, serve, unlock, and serve again while a newer word has come. */
export async function run(app: RunApp, asked: RunRequest): Promise<RunSummary> {
  let request = asked;
  const startedAt = app.clock.now();
  const timeLimit = request.kind === 'since_last' ? (request.tasks[0]?.run.timeLimitMs ?? null) : null;
  const deadline = timeLimit === null ? null : app.clock.monotonic() + timeLimit;
  let served: ServedReport | null = null;
  for (;;) {
    const { answer, runner } = await open(app, request);
    if (answer.answer !== 'opened') {
      // A newer word that another run serves by now is none of ours any more.
      if (served !== null && answer.answer === 'busy') return summarize(app, request, { startedAt, runId: runner.runId, opened: null, served });
      return turnedAway(app, request, { startedAt, runId: runner.runId, answer });
    }
    const telegram = request.tasks[0]?.telegram;
    const pace = startPace(telegram?.rate ?? 0, telegram?.concurrency ?? 1, app.clock.monotonic());
    const held: HeldRun = { runId: runner.runId, opened: answer, pace, silence: silenceOf(answer, app.clock.monotonic()), deadline };
    served = await serve(app, request, { held, before: served });
    const summary = summarize(app, request, { startedAt, runId: runner.runId, opened: answer, served });
    if (served.ended === 'lock_lost') return summary;
    const { again } = await finish(app, summary, served.wakeNo);
    // Whoever asks to mark only wants no message out of this very command; the next scheduled run serves the word.
    if (!again || app.signal.aborted || asked.kind === 'mark_only') return summary;
    request = wokenRequest(request);
  }
}

/** A 429 of an earlier run, carried over to this process's own clock. */
function silenceOf({ quietUntil, now }: OpenedRun, monotonic: number): Silence {
  return { until: quietUntil === null ? 0 : monotonic + Math.max(0, quietUntil - now), unsaved: null };
}

function summarize(
  app: RunApp,
  request: RunRequest,
  run: { readonly startedAt: number; readonly runId: string; readonly opened: OpenedRun | null; readonly served: ServedReport },
): RunSummary {
  const findings = uniqueFindings([...request.tasks.flatMap((task) => task.findings), ...run.served.findings]);
  return {
    ...frame(app, request, run),
    runNo: run.opened?.runNo ?? null,
    opened: 'opened',
    exitCode: exitCodeOf(run.served.codes),
    pulled: run.served.pulled,
    tasks: run.served.tasks,
    sent: run.served.sent,
    findings,
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

function turnedAway(
  app: RunApp,
  request: RunRequest,
  run: { readonly startedAt: number; readonly runId: string; readonly answer: Exclude<OpenAnswer, { answer: 'opened' }> },
): RunSummary {
  const { answer } = run.answer;
  const waited = answer === 'busy' && request.kind === 'since';
  const code = app.signal.aborted ? EXIT.interrupted : waited ? EXIT.unreachable : TURNED_AWAY[answer];
  app.journal.tell('turned_away', { run: run.runId, answer });
  return {
    ...frame(app, request, run),
    runNo: null,
    opened: answer,
    exitCode: code,
    pulled: NOTHING_PULLED,
    tasks: [],
    sent: NOTHING_SENT,
    findings: [{ code: `open_${answer}`, args: openArgs(run.answer) }],
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

function frame(app: RunApp, request: RunRequest, run: { readonly startedAt: number; readonly runId: string }): Pick<RunSummary, 'schema' | 'command' | 'bot' | 'runId' | 'startedAt' | 'finishedAt'> {
  return { schema: 1, command: 'run', bot: request.botId, runId: run.runId, startedAt: run.startedAt, finishedAt: app.clock.now() };
}

function uniqueFindings(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
