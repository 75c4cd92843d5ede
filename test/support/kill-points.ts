import type { RunApp } from '../../src/run/context.ts';

/** Where a process ends: before or after the n-th call of a port, as if the power had failed. */
export interface KillPoint {
  readonly call: number;
  readonly side: 'before' | 'after';
}

export interface Dying {
  /** The ports of a run that dies there: from then on nothing it calls reaches anybody. */
  readonly app: (app: RunApp) => Partial<RunApp>;
  /** The port's method at which it died; null = it lived on. */
  diedAt(): string | null;
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Decorates the ledger, the channel and the operators; their methods are the steps. */
export function dieAt(point: KillPoint): Dying {
  let calls = 0;
  let diedAt: string | null = null;
  const die = (name: string): never => {
    diedAt ??= name;
    throw new Killed(`${point.side} ${diedAt}`);
  };
  const mortal = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function' || name === 'close') return method;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          const isHere = calls === point.call;
          if (diedAt !== null || (isHere && point.side === 'before')) die(String(name));
          const answer = (await Reflect.apply(method, target, args)) as unknown;
          // Whoever was on the wire when the process died hears no answer either.
          if (diedAt !== null || isHere) die(String(name));
          return answer;
        };
      },
    });
  return {
    app: ({ ledger, channel, openGateway }) => ({
      ledger: mortal(ledger),
      channel: mortal(channel),
      openGateway: (sms) => mortal(openGateway(sms)),
    }),
    diedAt: () => diedAt,
  };
}
