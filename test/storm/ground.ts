import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SQLOutputValue, StatementSync } from 'node:sqlite';

import { openHostMemory } from '../../src/host/memory.ts';
import type { HostMemory } from '../../src/ports/host.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { startP1smsSimulator } from '../../src/simulators/p1sms/simulator.ts';
import { startPushsmsSimulator } from '../../src/simulators/pushsms/simulator.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../../src/simulators/sms/contract.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import type { DeliveredMessage } from '../../src/simulators/telegram/record.ts';
import type { AcceptedSms } from '../../src/simulators/sms/record.ts';
import { BONUS, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { CUSTOMERS, PEOPLE } from './action.ts';
import type { Choice, RunHow, TaskName, Verdict } from './action.ts';
import { createAdmission, usualChoices } from './admission.ts';
import type { Admission } from './admission.ts';
import { createBonds } from './bonds.ts';
import type { Bonds } from './bonds.ts';
import { startCounts } from './counts.ts';
import type { Counts } from './counts.ts';

/** What the storm itself knows of one operation, beside what Tillypad's tables say. */
export interface Known {
  readonly id: string;
  /** Stands in the notice, so that it is counted from what guests see: `op-7`. */
  readonly mark: string;
  readonly customer: number;
  readonly type: TaskName;
  readonly date: string;
  /** Roubles, as it stands now. */
  sum: number;
  edited: boolean;
  removed: boolean;
  /** How steady its customer's way to a chat was when it was made: unless that changes, it must be told. */
  readonly steadiness: number | null;
  /** Some run has begun whose filters let it through. */
  meant: boolean;
  /** Some run has begun that may have found its type chosen before it was made, or that asked for the past by hand. */
  admitted: boolean;
  /** A run has surely marked it as seen. */
  seen: boolean;
  /** It stood there when some run marked the past as seen. */
  mayBeSeen: boolean;
  /** What a person said of it while it was in doubt. */
  readonly verdicts: Verdict[];
  plain: number;
  marked: number;
}

/** A run that is under way, as whoever started it knows it. */
export interface Running {
  readonly how: RunHow;
  readonly yes: boolean;
}

/** A 429, and how long Telegram wants to be left alone. */
export interface Limited {
  readonly at: number;
  readonly until: number;
  /** Calls that arrive before this had begun before the answer was there. */
  readonly heardAt: number;
  /** Its only witness died before it could tell. */
  readonly excused: boolean;
}

/** How things stood when a step began. */
export interface Before {
  /** Calls that the services had seen: what comes of these is a dead run's. */
  readonly telegram: number;
  readonly operator: number;
  /** Calls and SMS that the ledger has on their way, attempts that nobody has ended, doubts and those of them that a dead run left. */
  readonly sending: number;
  readonly inviting: number;
  readonly open: number;
  readonly doubts: number;
  readonly orphans: number;
}

/** The storm's ground: a small restaurant with everything a storm can reach. */
export interface Ground {
  readonly world: World;
  /** By their text: prepared once. */
  readonly questions: Map<string, StatementSync>;
  readonly customers: readonly string[];
  readonly people: readonly Person[];
  readonly blocked: Set<number>;
  readonly operations: Known[];
  readonly byMark: Map<string, Known>;
  readonly bonds: Bonds;
  readonly admission: Admission;
  readonly memories: readonly HostMemory[];
  readonly operatorName: GatewayName;
  readonly operator: SmsSimulator;
  settings: { readonly balance: 'after' | 'current' | 'off'; readonly digestGapMs: number; readonly concurrency: number };
  choices: Record<TaskName, Choice>;
  yes: boolean;
  invites: boolean;
  paused: boolean;
  latencyMs: number;
  running: Running[];
  before: Before;
  /** Waits that 429s of the storm ask for, in their order. */
  readonly waits: number[];
  readonly limited: Limited[];
  /** Segments that the operator took, by run, day, month and customer. */
  readonly spent: Map<string, number>;
  /** When (true time) a clock was set: forward is a lie that nobody sees through, and one set back holds nothing up. */
  readonly leaps: number[];
  /** When (true time) Telegram was out of reach. */
  readonly outages: { readonly from: number; readonly to: number }[];
  /** When (true time) a process died that may have known something nobody else does. */
  readonly killed: { readonly from: number; readonly to: number }[];
  /** What did not hold, in the moment or after a step. */
  readonly broken: Set<string>;
  readonly counts: Counts;
}

const OPERATORS: Readonly<Record<GatewayName, (options: SmsSimulatorOptions) => Promise<SmsSimulator>>> = {
  smsru: startSmsruSimulator,
  p1sms: startP1smsSimulator,
  pushsms: startPushsmsSimulator,
};

/** What looks at messages and SMS in the very moment when a service takes them. */
export interface Watchers {
  onMessage(ground: Ground, message: DeliveredMessage): void;
  onSms(ground: Ground, sms: AcceptedSms): void;
}

export async function openGround(operatorName: GatewayName, watchers: Watchers): Promise<Ground> {
  const world = await openWorld({ onMessage: (message) => watchers.onMessage(ground, message) });
  const { telegram } = world;
  const operator = await OPERATORS[operatorName]({
    clock: world.clock,
    latencyMs: 30,
    onSms: (sms) => watchers.onSms(ground, sms),
  });
  const ground: Ground = {
    world,
    questions: new Map(),
    operator,
    operatorName,
    customers: Array.from({ length: CUSTOMERS }, (_none, index) => world.customer(`Гость ${index}`, `8 (916) 000-00-0${index}`)),
    people: Array.from({ length: PEOPLE }, (_none, index) => telegram.person({ name: `Человек ${index}` })),
    blocked: new Set(),
    operations: [],
    byMark: new Map(),
    bonds: createBonds({
      pendingUpdates: () => telegram.bot().pendingUpdates(),
      calls: () => telegram.calls.length,
      lastPoll: () => telegram.calls.findLast(({ method }) => method === 'getUpdates')?.number ?? 0,
    }),
    admission: createAdmission(),
    memories: ['till', 'office'].map((host) => openHostMemory(join(world.folder, `memory-${host}.json`), world.file)),
    settings: { balance: 'after', digestGapMs: 60_000, concurrency: 2 },
    choices: usualChoices(),
    yes: true,
    invites: true,
    paused: false,
    latencyMs: 40,
    running: [],
    before: { telegram: 0, operator: 0, sending: 0, inviting: 0, open: 0, doubts: 0, orphans: 0 },
    waits: [],
    limited: [],
    spent: new Map(),
    leaps: [],
    outages: [],
    killed: [],
    broken: new Set(),
    counts: startCounts(),
  };
  return ground;
}

/** Rows of the site's database. */
export function ask({ world, questions }: Ground, question: string): readonly Record<string, SQLOutputValue>[] {
  const known = questions.get(question) ?? world.database.prepare(question);
  questions.set(question, known);
  return known.all();
}

export function addOperation(
  ground: Ground,
  { who, agoMin, bonus }: { readonly who: number; readonly agoMin: number; readonly bonus: boolean },
): void {
  const { world, operations, byMark, bonds, customers } = ground;
  const mark = `op-${operations.length}`;
  const sum = operations.length % 3 === 0 ? 250 : -120;
  const id = world.operation(customers[who] ?? '', { ago: agoMin * 60_000, sum, accountType: bonus ? BONUS : DEPOSIT, id: randomUUID() });
  world.database.prepare('update tp_ClientPurseOperations set cpop_Name = ? where cpop_ID = ?').run(mark, id);
  const { date } = world.database.prepare('select cpop_Date as date from tp_ClientPurseOperations where cpop_ID = ?').get(id) as {
    readonly date: string;
  };
  const known: Known = {
    id,
    mark,
    customer: who,
    type: bonus ? 'bonus' : 'deposit',
    date,
    sum,
    edited: false,
    removed: false,
    steadiness: bonds.steadiness(who),
    meant: false,
    admitted: false,
    seen: false,
    mayBeSeen: false,
    verdicts: [],
    plain: 0,
    marked: 0,
  };
  operations.push(known);
  byMark.set(mark, known);
}
