import { groupVisits } from '../core/digest.ts';
import { EXIT, exitCodeOf } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { CustomerId, OperationId, WallTime } from '../core/glossary.ts';
import { composeNotice } from '../core/notice.ts';
import { isTellable } from '../core/operation.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import type { TaskSum } from '../core/summary.ts';
import type { InvitationReader } from '../ports/invitations.ts';
import type { PlanCursor, PlannedRow, PlanQuery, PlanReader } from '../ports/plan.ts';
import { weighLook } from './brake.ts';
import type { WeighedLook } from './brake.ts';
import { countLimited } from './count-limited.ts';
import type { Counted } from './count-limited.ts';
import { forecastInvitations } from './forecast.ts';
import type { ForecastSum } from './forecast.ts';
import { invites } from './inviting.ts';
import type { OpenGateway } from './inviting.ts';
import { lookSince, lookSinceLast } from './look.ts';
import type { Look } from './look.ts';
import { checkFilters, newTask } from './plan.ts';
import type { RunRequest } from './request.ts';

const PAGE = 500;
/** Named in a dry run; the run itself refuses each. */
const MOST_UNREADABLE = 5;

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
  /** By task that invites. */
  readonly invitations: readonly ForecastSum[];
  readonly findings: readonly Finding[];
}

/** What a dry run is given. Of an operator it asks the price of an SMS alone. */
export interface PreviewApp {
  readonly reader: PlanReader & InvitationReader;
  readonly openGateway: OpenGateway;
}

/**
 * Holds nothing that could write: a reader and the settings. The heap grows neither with the number of operations nor with that of customers; the
 * embedded engine keeps a row for each customer who is to be weighed, some 0.2 KB (`npm run bench`).
 */
export async function preview(app: PreviewApp, request: RunRequest, show: number): Promise<DryRun> {
  const tasks: TaskSum[] = [];
  const shown: ShownNotice[] = [];
  const findings: Finding[] = [];
  const invitations: ForecastSum[] = [];
  const codes: ExitCode[] = [];
  const place = await app.reader.readPlace();
  const isCopy = place.boundTo !== place.here;
  if (isCopy) {
    codes.push(EXIT.place);
    findings.push({ code: 'open_copy', args: { ...place } });
  }
  // Of a copy nobody outside hears, not even the operator who is asked for a price.
  const pricing = { reader: app.reader, openGateway: isCopy ? null : app.openGateway };
  let left = request.kind === 'mark_only' ? null : request.limit;
  for (const settings of request.tasks.filter((task) => request.asked.includes(task.id))) {
    const unknown = await checkFilters(app.reader, settings);
    findings.push(...settings.findings, ...unknown);
    if (unknown.length > 0) {
      codes.push(EXIT.usage);
      continue;
    }
    const { wallNow } = await app.reader.readClock();
    const look = await lookOf(app.reader, request, { settings, wallNow });
    const weighed = await weighLook(app.reader, look.query, { request, settings, wallNow });
    const { cut, ...counted } = await countWithin(app.reader, weighed, left);
    const task = sumOf(settings.id, weighed, counted);
    if (left !== null) left = Math.max(0, left - task.notices);
    if (task.held > 0) {
      codes.push(EXIT.no);
      findings.push({
        code: 'brake_ahead',
        args: { task: settings.id, notices: task.held, brake: settings.run.brake, oldest: task.oldestHeld ?? '' },
      });
    }
    tasks.push(task);
    if (invites(settings) && request.kind !== 'mark_only' && request.operations === null) {
      const forecast = await forecastInvitations(pricing, request, { task: settings, look: { query: weighed.query, before: cut } });
      invitations.push(forecast.sum);
      codes.push(...forecast.codes);
      findings.push(...forecast.findings);
    }
    const first = await firstNotices(app.reader, weighed.query, {
      settings,
      wallNow,
      show: Math.min(task.notices, Math.max(0, show - shown.length)),
      planned: task.planned,
    });
    shown.push(...first.notices);
    findings.push(...first.unreadable.map((operation) => ({ code: 'record_unreadable', args: { operation } })));
  }
  return { exitCode: exitCodeOf(codes), tasks, shown, invitations, findings };
}

/** What the run would plan: as counted, or as far as the limit lets it. */
async function countWithin(reader: PlanReader, { query, counted }: WeighedLook, limit: number | null): Promise<Counted> {
  if (limit !== null && limit < counted.notices) return countLimited(reader, query, limit);
  const { planned, notices, skipped, unsubscribedCustomers } = counted;
  return { planned, notices, skipped, unsubscribedCustomers, cut: null };
}

function sumOf(taskId: string, { query, held, oldestHeld }: WeighedLook, counted: Omit<Counted, 'cut'>): TaskSum {
  return { taskId, look: query.look, from: query.from, until: query.until, ...counted, held, oldestHeld };
}

async function lookOf(
  reader: PlanReader,
  request: RunRequest,
  at: { readonly settings: TaskSettings; readonly wallNow: WallTime },
): Promise<Look> {
  const { settings, wallNow } = at;
  if (request.since !== null) return lookSince(settings, { ...request, wallNow });
  const [past] = await reader.readTasks(request.botId, [settings.id]);
  const look = lookSinceLast(settings, past ?? newTask(settings.id), { ...request, wallNow, onWake: false });
  // Before its first look a task's choice may not stand in the ledger yet: a run records it first, as of the start date.
  const isRecorded = look.query.look !== 'first' || settings.filters.startDate === null;
  return isRecorded ? look : { ...look, query: { ...look.query, admittedOnly: false } };
}

async function firstNotices(
  reader: PlanReader,
  query: PlanQuery,
  wish: { readonly settings: TaskSettings; readonly wallNow: WallTime; readonly show: number; readonly planned: number },
): Promise<{ readonly notices: ShownNotice[]; readonly unreadable: OperationId[] }> {
  const byCustomer = new Map<CustomerId, PlannedRow[]>();
  const unreadable: OperationId[] = [];
  let visits = 0;
  let rowsLeft = wish.planned;
  let after: PlanCursor | null = null;
  // A visit's operations lie close together, so a page holds almost all of it; one more page than needed is read at the most.
  do {
    if (wish.show === 0) break;
    const page: Awaited<ReturnType<PlanReader['preview']>> = await reader.preview(query, { after, limit: PAGE });
    for (const row of page.rows) {
      if (row.verdict !== 'planned') continue;
      // Where --limit cuts a visit in two, the run tells its first part now.
      if (rowsLeft === 0) break;
      rowsLeft -= 1;
      if (!isTellable(row.operation)) {
        if (unreadable.length < MOST_UNREADABLE) unreadable.push(row.operation.id);
        continue;
      }
      const rows = byCustomer.get(row.operation.customerId) ?? [];
      rows.push(row);
      byCustomer.set(row.operation.customerId, rows);
    }
    visits = [...byCustomer.values()].reduce(
      (sum, rows) =>
        sum +
        groupVisits(
          rows.map((row) => row.operation),
          query.digestGapMs,
        ).length,
      0,
    );
    after = page.next;
  } while (after !== null && visits < wish.show && rowsLeft > 0);
  const notices = [...byCustomer.values()]
    .flatMap((rows) =>
      groupVisits(
        rows.map((row) => ({ ...row, date: row.operation.date })),
        query.digestGapMs,
      ),
    )
    .toSorted((a, b) => ((a[0]?.date ?? '') < (b[0]?.date ?? '') ? -1 : 1))
    .slice(0, wish.show)
    .flatMap((rows) => compose(rows, wish));
  return { notices, unreadable };
}

function compose(rows: readonly PlannedRow[], wish: { readonly settings: TaskSettings; readonly wallNow: WallTime }): ShownNotice[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { settings } = wish;
  const composed = composeNotice({
    operations: rows.map((row) => row.operation),
    customer: first.customer,
    groupAncestors: first.groupAncestors,
    restaurant: settings.restaurant.name,
    language: first.language ?? settings.guests.language,
    settings: settings.notice,
    repeat: false,
    reference: wish.wallNow,
  });
  return [
    {
      taskId: settings.id,
      customerId: first.customer.id,
      customerName: first.customer.name,
      chatId: first.chatId,
      oldest: first.operation.date,
      operations: rows.length,
      html: composed.html,
    },
  ];
}
