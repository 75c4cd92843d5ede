import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { TaskId } from './glossary.ts';
import type { Finding } from './settings.ts';
import type { RunSummary } from './summary.ts';

/** One thing that the log of Tillypad's task must say: told once for as long as it goes on. */
export interface TaskCause {
  /** At most 100 characters; the same text means the same cause. */
  readonly cause: string;
  /** Null: of all tasks that the run served. */
  readonly taskId: TaskId | null;
  /** Names the sentence. */
  readonly finding: Finding;
  /** How long it must go on before anybody is told; 0 = told at once, also when it is over by then. */
  readonly patienceMs: number;
}

/** What goes by itself is told only when it doesn't. */
const PATIENCE_MS = 3_600_000;

/** Exit codes that a person must act upon, and how long they may last before. */
const PATIENCE: Readonly<Partial<Record<ExitCode, number>>> = {
  [EXIT.fault]: 0,
  [EXIT.usage]: 0,
  [EXIT.database]: PATIENCE_MS,
  [EXIT.doubt]: 0,
  [EXIT.account]: 0,
  [EXIT.schema]: 0,
  [EXIT.place]: 0,
  [EXIT.unreachable]: PATIENCE_MS,
  [EXIT.no]: 0,
};

/** The exit code that stands behind a finding. What isn't here is good to know and calls nobody. */
const BEHIND: Readonly<Record<string, ExitCode>> = {
  brake: EXIT.no,
  account_type_unknown: EXIT.usage,
  customer_group_unknown: EXIT.usage,
  telegram_unusable: EXIT.account,
  webhook: EXIT.account,
  second_reader: EXIT.account,
  links_forged: EXIT.account,
  updates_gap: EXIT.account,
  telegram_unreachable: EXIT.unreachable,
  telegram_limited: EXIT.unreachable,
  notices_refused: EXIT.doubt,
  sms_brake: EXIT.no,
  sms_in_doubt: EXIT.doubt,
  sms_no_money: EXIT.account,
  sms_refused: EXIT.account,
  sms_too_long: EXIT.usage,
  sms_unreachable: EXIT.unreachable,
  sms_limited: EXIT.unreachable,
  lock_lost: EXIT.database,
  open_copy: EXIT.place,
  open_restored: EXIT.place,
  open_other_bot: EXIT.usage,
  open_other_key: EXIT.usage,
};

/** Null for an exit code that calls nobody: done, interrupted. */
export function patienceOf(code: ExitCode): number | null {
  return PATIENCE[code] ?? null;
}

/**
 * What a run has to say to the logs of its tasks. Its findings say it where they stand for an exit code that a person must know; an exit code
 * that no finding stands for is told by itself, so that nothing of the kind stays unsaid.
 */
export function causesOf(summary: RunSummary): readonly TaskCause[] {
  if (summary.opened === 'busy') return [];
  const told = [...summary.findings, ...countedFindings(summary)].flatMap((finding) => causeOf(finding) ?? []);
  const patienceMs = patienceOf(summary.exitCode);
  if (patienceMs === null || told.some(({ finding }) => codeBehind(finding) === summary.exitCode)) return told;
  const finding = { code: 'task_exit', args: { exit: summary.exitCode } };
  return [...told, { cause: `exit_${summary.exitCode}`, taskId: null, finding, patienceMs }];
}

/** Deliveries that need a person are counted, not found. */
function countedFindings({ sent }: RunSummary): Finding[] {
  const inDoubt = sent.inDoubt + sent.orphaned;
  return [
    ...(inDoubt > 0 ? [{ code: 'task_in_doubt', args: { n: inDoubt } }] : []),
    ...(sent.refusedOurs > 0 ? [{ code: 'task_refused_ours', args: { n: sent.refusedOurs } }] : []),
  ];
}

function codeBehind({ code }: Finding): ExitCode | undefined {
  return code === 'task_in_doubt' || code === 'task_refused_ours' ? EXIT.doubt : BEHIND[code];
}

function causeOf(finding: Finding): TaskCause | null {
  const code = codeBehind(finding);
  const patienceMs = code === undefined ? null : patienceOf(code);
  if (patienceMs === null) return null;
  const { task, id } = finding.args;
  return {
    cause: id === undefined ? finding.code : `${finding.code} ${id}`,
    taskId: task === undefined ? null : String(task),
    finding,
    patienceMs,
  };
}
