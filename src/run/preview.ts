import { groupVisits } from '../core/digest.ts';
import { EXIT, exitCodeOf } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { CustomerId, WallTime } from '../core/glossary.ts';
import { composeNotice } from '../core/notice.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import type { TaskSum } from '../core/summary.ts';
import { addWall } from '../core/wall-time.ts';
import type { PlanCursor, PlannedRow, PlanQuery, PlanReader } from '../ports.ts';
import { lookSince, lookSinceLast } from './look.ts';
import type { Look } from './look.ts';
import { checkFilters, isBraked, newTask } from './plan.ts';
import type { RunRequest } from './request.ts';

const PAGE = 500;

/** A notice as it would be sent. */
export interface ShownNotice {
  readonly taskId: string;
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly chatId: string | null;
  readonly oldest: WallTime;
  readonly operations: number;
  readonly html: string;
}

/** What a run would do: counted whole, the first notices shown. Subscriptions that Telegram still holds are not counted. */
export interface DryRun {
  readonly exitCode: ExitCode;
  readonly tasks: readonly TaskSum[];
  readonly shown: readonly ShownNotice[];
  readonly findings: readonly Finding[];
}

/** Holds nothing that could write or send: a reader and the settings. Memory does not grow with the number of operations. */
export async function preview(app: { readonly reader: PlanReader }, request: RunRequest, show: number): Promise<DryRun> {
  const tasks: TaskSum[] = [];
  const shown: ShownNotice[] = [];
  const findings: Finding[] = [];
  const codes: ExitCode[] = [];
  for (const settings of request.tasks.filter((task) => request.asked.includes(task.id))) {
    const unknown = await checkFilters(app.reader, settings);
    findings.push(...settings.findings, ...unknown);
    if (unknown.length > 0) {
      codes.push(EXIT.usage);
      continue;
    }
    const { wallNow } = await app.reader.readClock();
    const look = await lookOf(app.reader, request, { settings, wallNow });
    const measured = await app.reader.measure(look.query, addWall(wallNow, -settings.run.brakeAgeMs));
    const held = isBraked(request, settings, measured.oldNotices) ? measured.oldNotices : 0;
    if (held > 0) {
      codes.push(EXIT.no);
      findings.push({ code: 'brake_ahead', args: { task: settings.id, notices: held, brake: settings.run.brake, oldest: measured.oldestHeld ?? '' } });
    }
    const { planned, notices, skipped, unsubscribedCustomers, oldestHeld } = measured;
    tasks.push({ taskId: settings.id, look: look.query.look, from: look.query.from, until: look.query.until, planned, notices, skipped, unsubscribedCustomers, held, oldestHeld: held > 0 ? oldestHeld : null });
    shown.push(...(await firstNotices(app.reader, look.query, { settings, wallNow, show: Math.max(0, show - shown.length) })));
  }
  return { exitCode: exitCodeOf(codes), tasks, shown, findings };
}

async function lookOf(reader: PlanReader, request: RunRequest, at: { readonly settings: TaskSettings; readonly wallNow: WallTime }): Promise<Look> {
  if (request.since !== null) return lookSince(at.settings, { ...request, wallNow: at.wallNow });
  const [past] = await reader.readTasks(request.botId, [at.settings.id]);
  const look = lookSinceLast(at.settings, past ?? newTask(at.settings.id), { ...request, wallNow: at.wallNow, onWake: false });
  // Before its first look a task's choice may not stand in the ledger yet: a run records it first, as of the day from which that look begins.
  return look.query.look === 'first' ? { ...look, query: { ...look.query, admittedOnly: false } } : look;
}

async function firstNotices(reader: PlanReader, query: PlanQuery, wish: { readonly settings: TaskSettings; readonly wallNow: WallTime; readonly show: number }): Promise<ShownNotice[]> {
  const byCustomer = new Map<CustomerId, PlannedRow[]>();
  let visits = 0;
  let after: PlanCursor | null = null;
  // A visit's operations lie close together, so a page holds almost all of it; one more page than needed is read at the most.
  do {
    if (wish.show === 0) break;
    const page: Awaited<ReturnType<PlanReader['preview']>> = await reader.preview(query, { after, limit: PAGE });
    for (const row of page.rows) {
      if (row.verdict !== 'planned') continue;
      const rows = byCustomer.get(row.operation.customerId) ?? [];
      rows.push(row);
      byCustomer.set(row.operation.customerId, rows);
    }
    visits = [...byCustomer.values()].reduce((sum, rows) => sum + groupVisits(rows.map((row) => row.operation), query.digestGapMs).length, 0);
    after = page.next;
  } while (after !== null && visits < wish.show);
  return [...byCustomer.values()]
    .flatMap((rows) => groupVisits(rows.map((row) => ({ ...row, date: row.operation.date })), query.digestGapMs))
    .toSorted((a, b) => ((a[0]?.date ?? '') < (b[0]?.date ?? '') ? -1 : 1))
    .slice(0, wish.show)
    .flatMap((rows) => compose(rows, wish));
}

function compose(rows: readonly PlannedRow[], wish: { readonly settings: TaskSettings; readonly wallNow: WallTime }): ShownNotice[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { settings } = wish;
  const composed = composeNotice({
    operations: rows.map((row) => row.operation),
    customer: first.customer,
    restaurant: settings.restaurant.name,
    language: first.language ?? settings.guests.language,
    settings: settings.notice,
    repeat: false,
    reference: wish.wallNow,
  });
  return [{ taskId: settings.id, customerId: first.customer.id, customerName: first.customer.name, chatId: first.chatId, oldest: first.operation.date, operations: rows.length, html: composed.html }];
}
