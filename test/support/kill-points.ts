import type { RunApp } from '../../src/run/context.ts';

/** Where a process ends: before or after the n-th call of a port, as if the power had failed. */
export interface KillPoint {
  readonly call: number;
  readonly side: 'before' | 'after';
}

export interface Dying {
  /** The ports of a run that dies there: from then on nothing it calls reaches anybody. */
  readonly app: (app: RunApp) => Partial<RunApp>;
  /** The port and its method at which it died (`ledger.advance`), or the word of `die`; null = it lived on. */
  diedAt(): string | null;
  /** Ends it now, whatever it is doing: no answer reaches it any more. */
  die(where: string): void;
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Decorates the ledger, the channel and the operators; their methods are the steps. Without a point only `die` ends it. */
export function dieAt(point: KillPoint | null): Dying {
  let calls = 0;
  let diedAt: string | null = null;
  const end = (where: string): never => {
    diedAt ??= where;
    throw new Killed(diedAt);
  };
  const mortal = <T extends object>(port: T, name: string): T =>
    new Proxy(port, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as unknown;
        if (typeof method !== 'function' || key === 'close') return method;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          const isHere = calls === point?.call;
          if (diedAt !== null || (isHere && point?.side === 'before')) end(`${name}.${String(key)}`);
          const answer = (await Reflect.apply(method, target, args)) as unknown;
          // Whoever was on the wire when the process died hears no answer either.
          if (diedAt !== null || isHere) end(`${name}.${String(key)}`);
          return answer;
        };
      },
    });
  return {
    app: ({ ledger, channel, openGateway }) => ({
      ledger: mortal(ledger, 'ledger'),
      channel: mortal(channel, 'telegram'),
      openGateway: (sms) => mortal(openGateway(sms), 'operator'),
    }),
    diedAt: () => diedAt,
    die: (where) => {
      diedAt ??= where;
    },
  };
}
