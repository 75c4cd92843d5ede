import * as z from 'zod';

import { SKIP_REASONS } from '../../core/glossary.ts';
import { INVITATION_SKIPS } from '../../core/invitation.ts';
import { GATEWAYS } from '../../core/sms-outcome.ts';

const count = z.int().nonnegative();
const skips = z.partialRecord(z.enum(SKIP_REASONS), count);
const finding = z.object({ code: z.string(), args: z.record(z.string(), z.union([z.string(), z.number()])) });
const exitCode = z.union([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130].map((code) => z.literal(code)));
const instant = z.number().describe('milliseconds since 1970-01-01T00:00:00Z');
const wall = z.string().describe("YYYY-MM-DD HH:MM:SS.mmm, the database server's wall clock");

const task = z.object({
  taskId: z.string(),
  look: z.enum(['none', 'first', 'hot', 'overlap', 'deep', 'since']),
  from: wall.nullable(),
  until: wall.nullable(),
  planned: count,
  notices: count,
  skipped: skips,
  unsubscribedCustomers: count,
  held: count.describe('notices the brake holds'),
  oldestHeld: wall.nullable(),
});

const roubles = z.string().describe('roubles, decimal text');
const invitationSkips = z.partialRecord(z.enum(INVITATION_SKIPS), count);
const cap = z.enum(['run', 'day', 'month']).nullable();

const run = z.object({
  schema: z.literal(1),
  command: z.literal('run'),
  bot: z.string(),
  runId: z.string(),
  runNo: z.int().nullable(),
  startedAt: instant,
  finishedAt: instant,
  exitCode,
  opened: z.enum(['opened', 'busy', 'copy', 'other_bot', 'restored', 'other_key']),
  pulled: z.object({
    answer: z.string(),
    subscribed: count,
    moved: count,
    stopped: count,
    blocked: count,
    back: count,
    refused: z.record(z.string(), count),
  }),
  tasks: z.array(task).readonly(),
  sent: z.object({
    delivered: count,
    operations: count,
    repeated: count,
    refusedByGuests: count,
    refusedOurs: count,
    inDoubt: count,
    waiting: count,
    skipped: skips,
    orphaned: count,
  }),
  invited: z.object({
    planned: count,
    accepted: count,
    refused: count,
    inDoubt: count,
    orphaned: count,
    segments: count,
    cost: roubles,
    uncosted: count.describe('SMS whose price nobody knows'),
    skipped: invitationSkips,
    waiting: count.describe('invitations that wait at the end of the run'),
    capped: count.describe('of these, due ones that a cap keeps back'),
    cap,
    braked: count.describe('customers the brake holds'),
    delivered: count,
    undelivered: count,
  }),
  findings: z.array(finding).readonly(),
});

const notice = z.object({
  taskId: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  chatId: z.string().nullable(),
  oldest: wall,
  operations: count,
  html: z.string(),
});

const forecast = z.object({
  taskId: z.string(),
  operator: z.enum(GATEWAYS),
  texts: count,
  segments: count,
  cost: roubles.nullable(),
  pricedBy: z.enum(['operator', 'settings']).nullable(),
  held: count.describe('of the texts, how many wait for the morning'),
  skipped: invitationSkips,
  braked: z.boolean(),
  spent: z.object({ day: count, month: count }),
  waiting: z.object({ texts: count, segments: count }),
  cap: cap.describe('the first cap that the texts do not fit into'),
});

const dryRun = z.object({
  bot: z.string(),
  exitCode,
  tasks: z.array(task).readonly(),
  shown: z.array(notice).readonly(),
  invitations: z.array(forecast).readonly(),
  findings: z.array(finding).readonly(),
});

/** What `run --json` prints; published as docs/summary.schema.json. Fields may be added within schema 1, none goes or changes its meaning. */
const runResultSchema = z.union([
  z.object({
    schema: z.literal(1),
    command: z.literal('run'),
    exitCode,
    runs: z.array(run),
    /** Tasks that could not work because of their own parameters, while the others did. */
    leftOut: z.array(z.object({ taskId: z.string(), problems: z.array(z.string()) })).optional(),
  }),
  z.object({ schema: z.literal(1), command: z.literal('run'), dryRun: z.literal(true), exitCode, runs: z.array(dryRun) }),
  z.object({ schema: z.literal(1), exitCode, error: z.object({ code: z.string(), message: z.string() }) }),
]);

export function runResultJsonSchema(): unknown {
  return z.toJSONSchema(runResultSchema, { target: 'draft-2020-12' });
}
