import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { openHostMemory } from '../../src/host-memory.ts';
import type { HostMemory } from '../../src/ports/host.ts';
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
  /** Its customer's chat was proven and open when it was made: unless something comes in between, it must be told. */
  readonly expected: boolean;
}

/** A customer's way to a chat as the world outside sees it. */
interface Bond {
  /** Everybody who ever opened the customer's link or stands in their note. */
  readonly people: Set<number>;
  /** The one whose start a run has surely learnt of, while nothing has shaken it since; null otherwise. */
  steady: number | null;
  /** Started, and no run has learnt of it yet. */
  pending: number | null;
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
  /** When (true time) a process died that may have known something nobody else does. */
  readonly killed: { readonly from: number; readonly to: number }[];
  addOperation(customer: number, what: { readonly agoMin: number; readonly bonus: boolean }): void;
}

export async function openGround(): Promise<Ground> {
  const world = await openWorld();
  const customers = Array.from({ length: CUSTOMERS }, (_none, index) => world.customer(`Гость ${index}`));
  const people = Array.from({ length: PEOPLE }, (_none, index) => world.telegram.person({ name: `Человек ${index}` }));
  const bonds = customers.map((): Bond => ({ people: new Set(), steady: null, pending: null }));
  const operations: Known[] = [];
  return {
    world,
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
      operations.push({ id, mark, customer, removed: false, expected: bonds[customer]?.steady !== null });
    },
  };
}
