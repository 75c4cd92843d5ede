import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { hourIn } from '../../src/core/wall-time.ts';
import { readPayload } from '../../src/core/start-payload.ts';
import { openHostMemory } from '../../src/host/memory.ts';
import type { HostMemory } from '../../src/ports/host.ts';
import type { AcceptedSms } from '../../src/simulators/sms/record.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { BONUS, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { CUSTOMERS, PEOPLE } from './action.ts';

/** What the storm itself knows of one operation, beside what Tillypad's tables say. */
export interface Known {
  readonly id: string;
  /** Stands in the notice, so that it is counted from what guests see: `op-7`. */
  readonly mark: string;
  readonly customer: number;
  removed: boolean;
  /** How often its customer's way to a chat had been shaken when it was made, if the chat was proven and open: unless it is shaken again, it must be told. */
  readonly expectedSince: number | null;
}

/** A customer's way to a chat as the world outside sees it. */
interface Bond {
  /** Everybody who ever opened the customer's link or stands in their note. */
  readonly people: Set<number>;
  /** The one whose start a run has surely learnt of, while nothing has shaken it since; null otherwise. */
  steady: number | null;
  /** A chat was proven once: nobody invites them any more. */
  known: boolean;
  /** Started, and no run has learnt of it yet. */
  pending: number | null;
  /** How often something came between: a stop, a block, another person's start, a note. */
  shakes: number;
}

/** The storm's ground: a small restaurant with everything a storm can reach. */
export interface Ground {
  readonly world: World;
  readonly customers: readonly string[];
  readonly people: readonly Person[];
  readonly operations: Known[];
  readonly bonds: readonly Bond[];
  /** Since when (true time) a chat must hear nothing: its /stop was learnt of. */
  readonly silent: Map<number, number>;
  readonly stopping: Set<number>;
  readonly memories: readonly HostMemory[];
  settings: { readonly balance: 'after' | 'current' | 'off'; readonly digestGapMs: number; readonly concurrency: number };
  readonly operator: SmsSimulator;
  /** What must not have happened when the operator took an SMS. */
  readonly misinvited: string[];
  invites: boolean;
  /** When (true time) Telegram was out of reach. */
  readonly outages: { readonly from: number; readonly to: number }[];
  /** When (true time) a process died that may have known something nobody else does. */
  readonly killed: { readonly from: number; readonly to: number }[];
  addOperation(customer: number, what: { readonly agoMin: number; readonly bonus: boolean }): void;
}

export async function openGround(): Promise<Ground> {
  const world = await openWorld();
  const customers = Array.from({ length: CUSTOMERS }, (_none, index) => world.customer(`Гость ${index}`, phoneOf(index)));
  const people = Array.from({ length: PEOPLE }, (_none, index) => world.telegram.person({ name: `Человек ${index}` }));
  const bonds = customers.map((): Bond => ({ people: new Set(), steady: null, known: false, pending: null, shakes: 0 }));
  const operations: Known[] = [];
  const misinvited: string[] = [];
  const operator = await startSmsruSimulator({
    clock: world.clock,
    latencyMs: 30,
    onSms: (sms) => misinvited.push(...judgeInvitation(sms, ground)),
  });
  const ground: Ground = {
    world,
    operator,
    misinvited,
    invites: true,
    outages: [],
    customers,
    people,
    operations,
    bonds,
    silent: new Map(),
    stopping: new Set(),
    memories: ['till', 'office'].map((host) => openHostMemory(join(world.folder, `memory-${host}.json`), world.file)),
    settings: { balance: 'after', digestGapMs: 60_000, concurrency: 2 },
    killed: [],
    addOperation: (customer, { agoMin, bonus }) => {
      const mark = `op-${operations.length}`;
      const id = world.operation(customers[customer] ?? '', {
        ago: agoMin * 60_000,
        sum: operations.length % 3 === 0 ? 250 : -120,
        accountType: bonus ? BONUS : DEPOSIT,
        id: randomUUID(),
      });
      world.database.prepare('update tp_ClientPurseOperations set cpop_Name = ? where cpop_ID = ?').run(mark, id);
      const bond = bonds[customer];
      operations.push({
        id,
        mark,
        customer,
        removed: false,
        expectedSince: bond === undefined || bond.steady === null ? null : bond.shakes,
      });
    },
  };
  return ground;
}

function phoneOf(customer: number): string {
  return `8 (916) 000-00-0${customer}`;
}

/** Looked at in the very moment when the operator takes it. */
function judgeInvitation({ number, text }: AcceptedSms, { world, bonds, customers, operator, outages }: Ground): string[] {
  const customer = Number(number.at(-1));
  const payload = readPayload(/start=([\w-]+)/.exec(text)?.[1] ?? '');
  const hour = hourIn(world.serverNow(), 'Europe/Moscow');
  const at = world.clock.trueNow();
  return [
    ...(bonds[customer]?.known === true ? [`customer ${customer} was invited though their chat is known`] : []),
    ...(payload.kind === 'signed' && payload.customerId === customers[customer] ? [] : [`customer ${customer} got another one’s link`]),
    ...(hour < 9 || hour >= 23 ? [`customer ${customer} was invited at ${hour} o’clock`] : []),
    ...(outages.some(({ from, to }) => at > from && at < to) ? [`customer ${customer} was invited while Telegram was down`] : []),
    ...(operator.accepted.filter((one) => one.number === number).length > 1 ? [`customer ${customer} was invited twice`] : []),
  ];
}
