/** Whose chat a customer's account is told to, as it follows from what guests and staff did. */
interface Bond {
  readonly person: number;
  readonly state: 'active' | 'suspended' | 'stopped' | 'cleared';
  /** Grows when the account moves: links made before are used up. */
  readonly epoch: number;
}

/** By customer. */
type Standing = ReadonlyMap<number, Bond>;

/** One thing that the program has yet to learn, and what holds once it has. */
interface Step {
  readonly standing: Standing;
  /** An update, by its place among all; or a note, by the calls that Telegram had seen when it was written. */
  readonly learnt: { readonly update: number } | { readonly note: number };
}

export type GuestAct =
  | { readonly act: 'blocked' | 'back' | 'stop'; readonly person: number }
  | { readonly act: 'start'; readonly person: number; readonly customer: number; readonly epoch: number };

/** What Telegram itself saw of the program: the only witness of what it can know. */
export interface Witnessed {
  /** Updates that no poll has confirmed. */
  pendingUpdates(): number;
  calls(): number;
  /** Calls made when the last poll reached it. */
  lastPoll(): number;
}

/**
 * A model of subscriptions, from the guests' side: every act is a step, and what the program holds true is one of the steps from the last one that
 * Telegram saw confirmed to the last one that was made. Where staff wrote a chat into a note, the order of the two sources isn't known, and
 * a customer's chats are only those that ever had to do with them.
 */
export interface Bonds {
  act(act: GuestAct): void;
  /** Staff write into a customer's note, or clear it; `held` = whose chat stood in it. */
  note(customer: number, note: { readonly names: number | null; readonly held: number | null }): void;
  /** Whether the program may tell this person of this customer's account. */
  mayTell(customer: number, person: number): boolean;
  /** The program must have learnt that this customer has, or had, a chat. */
  isKnown(customer: number): boolean;
  /** Somebody surely gets what happens now; null = nobody, or nobody knows. Else a number that changes whenever something comes between. */
  steadiness(customer: number): number | null;
  /** Chats that lost an account by a move, a stop or a cleared note, as far as it was learnt. */
  ended(): number;
}

export function createBonds(telegram: Witnessed): Bonds {
  const steps: Step[] = [{ standing: new Map(), learnt: { update: 0 } }];
  const unsure = new Set<number>();
  const everLinked = new Map<number, Set<number>>();
  const shakes = new Map<number, number>();
  /** By person: the update of their last stop, while nothing has undone it. */
  const stopped = new Map<number, number>();
  let updates = 0;
  let known = 0;
  let ended = 0;

  const latest = (): Standing => (steps.at(-1) as Step).standing;
  const isLearnt = ({ learnt }: Step): boolean =>
    'update' in learnt ? learnt.update <= updates - telegram.pendingUpdates() : telegram.lastPoll() > learnt.note;
  const learn = (): void => {
    for (let next = steps[known + 1]; next !== undefined && isLearnt(next); next = steps[known + 1]) {
      ended += countEnded((steps[known] as Step).standing, next.standing);
      known += 1;
    }
  };
  const possible = (customer: number): readonly (Bond | undefined)[] => {
    learn();
    return steps.slice(known).map(({ standing }) => standing.get(customer));
  };
  const add = (standing: Standing, learnt: Step['learnt']): void => {
    for (const [customer, bond] of standing) {
      const before = latest().get(customer);
      if (before !== bond) shakes.set(customer, (shakes.get(customer) ?? 0) + 1);
    }
    steps.push({ standing, learnt });
  };
  const linkedTo = (customer: number): Set<number> => {
    const linked = everLinked.get(customer) ?? new Set();
    everLinked.set(customer, linked);
    return linked;
  };

  return {
    act: (act) => {
      updates += 1;
      if (act.act === 'stop') stopped.set(act.person, updates);
      if (act.act === 'start') {
        stopped.delete(act.person);
        linkedTo(act.customer).add(act.person);
      }
      add(apply(latest(), act), { update: updates });
    },
    note: (customer, { names, held }) => {
      shakes.set(customer, (shakes.get(customer) ?? 0) + 1);
      const bond = latest().get(customer);
      learn();
      const isQuiet = known === steps.length - 1;
      if (names !== null) {
        unsure.add(customer);
        linkedTo(customer).add(names);
        stopped.delete(names);
      } else if (held !== null && !isQuiet) unsure.add(customer);
      else if (held !== null && bond?.person === held && (bond.state === 'active' || bond.state === 'suspended'))
        add(new Map(latest()).set(customer, { ...bond, state: 'cleared' }), { note: telegram.calls() });
    },
    mayTell: (customer, person) => {
      const bonds = possible(customer);
      if (unsure.has(customer)) {
        const stop = stopped.get(person);
        return linkedTo(customer).has(person) && (stop === undefined || stop > updates - telegram.pendingUpdates());
      }
      return bonds.some((bond) => bond?.person === person && (bond.state === 'active' || bond.state === 'suspended'));
    },
    isKnown: (customer) => possible(customer).every((bond) => bond !== undefined),
    steadiness: (customer) => {
      const bonds = possible(customer);
      const now = bonds.at(-1);
      if (unsure.has(customer) || now?.state !== 'active') return null;
      // Until a coming back or a move is learnt, what happens is told where it was before, or not at all: to a chat that may be blocked by now.
      if (bonds.some((bond) => bond !== undefined && (bond.state !== 'active' || bond.person !== now.person))) return null;
      return shakes.get(customer) ?? 0;
    },
    ended: () => {
      learn();
      return ended;
    },
  };
}

function countEnded(before: Standing, after: Standing): number {
  return [...before].filter(([customer, { person, state }]) => {
    const now = after.get(customer);
    const isTold = (one: Bond['state'] | undefined): boolean => one === 'active' || one === 'suspended';
    return isTold(state) && (now?.person !== person || !isTold(now.state));
  }).length;
}

function apply(before: Standing, act: GuestAct): Standing {
  const after = new Map(before);
  const turn = (from: readonly Bond['state'][], to: Bond['state']): void => {
    for (const [customer, bond] of after)
      if (bond.person === act.person && from.includes(bond.state)) after.set(customer, { ...bond, state: to });
  };
  switch (act.act) {
    case 'stop':
      turn(['active', 'suspended'], 'stopped');
      return after;
    case 'blocked':
      turn(['active'], 'suspended');
      return after;
    case 'back':
      turn(['suspended'], 'active');
      return after;
    case 'start': {
      turn(['suspended'], 'active');
      const bond = after.get(act.customer);
      const next = follow(bond, act);
      if (next !== null && (next.person !== bond?.person || next.state !== bond.state)) after.set(act.customer, next);
      return after;
    }
  }
}

/** A link binds while nothing has moved since it was made; a used-up one is good only where the account is told already. Null = nothing changes. */
function follow(bond: Bond | undefined, { person, epoch }: { readonly person: number; readonly epoch: number }): Bond | null {
  if (bond === undefined) return epoch === 0 ? { person, state: 'active', epoch: 0 } : null;
  if (bond.person === person) return epoch === bond.epoch || bond.state !== 'cleared' ? { ...bond, state: 'active' } : null;
  return epoch === bond.epoch ? { person, state: 'active', epoch: bond.epoch + 1 } : null;
}
