import type { Doors } from '../../src/cli/doors.ts';
import type { RunApp } from '../../src/run/context.ts';

/** Where a process ends: before or after the n-th call of a port, as if the power had failed. */
export interface KillPoint {
  readonly call: number;
  readonly side: 'before' | 'after';
}

export interface Dying {
  /** The ports of a run that dies there: from then on nothing it calls reaches anybody. */
  readonly app: (app: RunApp) => Partial<RunApp>;
  /** The doors of a command that dies there: at a call of the desk, of the host's memory, or of a door that changes anything. */
  doors(doors: Doors): Doors;
  /** The port and its method at which it died (`ledger.advance`), or the word of `die`; null = it lived on. */
  diedAt(): string | null;
  /** Ends it now, whatever it is doing: no answer reaches it any more. */
  die(where: string): void;
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Decorates the ledger, the host's memory, the channel and the operators; their methods are the steps. Without a point only `die` ends it. */
export function dieAt(point: KillPoint | null): Dying {
  let calls = 0;
  let diedAt: string | null = null;
  const end = (where: string): never => {
    diedAt ??= where;
    throw new Killed(diedAt);
  };
  const mortalCall =
    (where: string, call: (...args: readonly unknown[]) => unknown) =>
    (...args: readonly unknown[]): unknown => {
      calls += 1;
      const isHere = calls === point?.call;
      if (diedAt !== null || (isHere && point?.side === 'before')) end(where);
      // Whoever was on the wire when the process died hears no answer either.
      const hear = (answer: unknown): unknown => (diedAt !== null || isHere ? end(where) : answer);
      const answer = call(...args);
      return answer instanceof Promise ? answer.then(hear) : hear(answer);
    };
  const mortal = <T extends object>(port: T, name: string): T =>
    new Proxy(port, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as unknown;
        if (typeof method !== 'function' || key === 'close') return method;
        return mortalCall(`${name}.${String(key)}`, (...args) => Reflect.apply(method, target, args));
      },
    });
  return {
    app: ({ ledger, memory, channel, openGateway }) => ({
      ledger: mortal(ledger, 'ledger'),
      memory: mortal(memory, 'memory'),
      channel: mortal(channel, 'telegram'),
      openGateway: (sms) => mortal(openGateway(sms), 'operator'),
    }),
    doors: (doors) => {
      const changing = mortal({ ...doors }, 'doors');
      return {
        ...doors,
        createKeyring: changing.createKeyring,
        prepareKey: changing.prepareKey,
        finishKey: changing.finishKey,
        install: changing.install,
        openDesk: async (place) => mortal(await doors.openDesk(place), 'desk'),
        openMemory: (path, place) => mortal(doors.openMemory(path, place), 'memory'),
      };
    },
    diedAt: () => diedAt,
    die: (where) => {
      diedAt ??= where;
    },
  };
}
