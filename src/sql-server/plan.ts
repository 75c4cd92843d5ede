import type { OperationId, WallTime } from '../core/glossary.ts';
import type { PlanChunk, PlanCursor, PlanQuery, WatermarkMove } from '../ports/plan.ts';
import { candidateParameters, gapMs } from './candidates.ts';
import { planHead } from './plan-head.ts';
import type { VerdictRow } from './plan-head.ts';
import { allRows, firstRow } from './rows.ts';
import { holderParameters } from './session.ts';
import type { RunSession } from './session.ts';
import type { Parameters } from './values.ts';
import { wall } from './wall.ts';

export interface PlanRequest {
  readonly query: PlanQuery;
  readonly after: PlanCursor | null;
  readonly limit: number | null;
  readonly move: WatermarkMove | null;
}

interface ChunkRow {
  readonly answer: 'planned' | 'lock_lost';
  readonly nextDate: WallTime | null;
  readonly nextId: OperationId | null;
  readonly lastDate: WallTime | null;
  readonly lastId: OperationId | null;
  /** Below it the look sees everything that was written; null where that isn't known. */
  readonly version: number | null;
  /** Customers who were left out, as somebody has locked them. */
  readonly locked: number;
}

/** Looks of which a chunk had to leave somebody out: they aren't planned completely, and move nothing. */
const incomplete = new WeakSet<RunSession>();
/** Up to which version the look under way sees what was written, as its first chunk found it. */
const versions = new WeakMap<RunSession, number | null>();

/** Brings at most one chunk of the look into the ledger; the last one moves the task in the same transaction. */
export async function plan(session: RunSession, request: PlanRequest): Promise<PlanChunk | { readonly answer: 'lock_lost' }> {
  const { run } = session;
  if (run === null) return { answer: 'lock_lost' };
  const { query, after, limit } = request;
  if (after === null) incomplete.delete(session);
  const sets = await session.connection.callProcedure('plan_chunk', {
    ...candidateParameters(query, after?.date ?? null),
    ...versionParameters(session, after),
    ...holderParameters(run),
    inviting: query.inviting,
    gap_ms: gapMs(query.digestGapMs),
    after_date: wall(after?.date ?? null),
    after_id: after?.id ?? null,
    chunk_rows: session.chunkRows,
    limit,
    ...moveParameters(incomplete.has(session) ? null : request.move),
  });
  const chunk = firstRow<ChunkRow>(sets);
  if (chunk?.answer !== 'planned') return { answer: 'lock_lost' };
  if (chunk.locked > 0) incomplete.add(session);
  versions.set(session, chunk.version);
  return {
    answer: 'planned',
    head: planHead(allRows<VerdictRow>(sets, 1)),
    next: toCursor(chunk.nextDate, chunk.nextId),
    last: toCursor(chunk.lastDate, chunk.lastId),
  };
}

/** What a look's first chunk didn't see whole, its next ones leave to the next look. */
function versionParameters(session: RunSession, after: PlanCursor | null): Parameters {
  if (after === null) return { version: null };
  const version = versions.get(session) ?? null;
  return version === null ? { version, version_low: null } : { version };
}

function moveParameters(move: WatermarkMove | null): Parameters {
  return {
    moves: move !== null,
    watermark: wall(move?.watermark ?? null),
    first_look_done: move?.firstLookDone ?? false,
    overlap_look_at: wall(move?.overlapLookAt ?? null),
    deep_look_at: wall(move?.deepLookAt ?? null),
    brake_held_at: wall(move?.brakeHeldAt ?? null),
  };
}

export function toCursor(date: WallTime | null, id: OperationId | null): PlanCursor | null {
  return date === null || id === null ? null : { date, id };
}
