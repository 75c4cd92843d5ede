import type { Channel } from '../../src/ports/channel.ts';
import { DatabaseUnavailable } from '../../src/ports/database.ts';
import type { Gateway } from '../../src/ports/gateway.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { RunApp } from '../../src/run/context.ts';
import type { KillPoint } from './kill-points.ts';

/** A process that lives on when its connection to the database has been cut. */
export interface Cut {
  readonly app: (app: RunApp) => Partial<RunApp>;
  /** The ledger's call at which it was cut; null = there are fewer. */
  cutAt(): string | null;
  /** Messages and SMS whose sending began afterwards; what was on the wire goes on. */
  begunAfter(): number;
}

/** Cut at the n-th call of the ledger: before it reaches the database, or after it was done there, its answer lost. */
export function cutAt({ call, side }: KillPoint): Cut {
  let calls = 0;
  let at: string | null = null;
  let begun = 0;
  const cutLedger = (ledger: Ledger): Ledger =>
    new Proxy(ledger, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...values: readonly unknown[]) => Promise<unknown>;
        if (key === 'close') return method;
        return async (...values: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          const isHere = calls === call;
          if (isHere && side === 'after') await Reflect.apply(method, target, values);
          if (isHere) at = `ledger.${String(key)}`;
          if (at !== null) throw new DatabaseUnavailable('dropped', 'cut');
          return Reflect.apply(method, target, values);
        };
      },
    });
  const counted = <T extends Channel | Gateway>(port: T): T =>
    new Proxy(port, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...values: readonly unknown[]) => unknown;
        if (key !== 'send') return method;
        return (message: unknown, mayBegin: () => boolean) =>
          Reflect.apply(method, target, [
            message,
            (): boolean => {
              const begins = mayBegin();
              if (begins && at !== null) begun += 1;
              return begins;
            },
          ]);
      },
    });
  return {
    app: ({ ledger, channel, openGateway }) => ({
      ledger: cutLedger(ledger),
      channel: counted(channel),
      openGateway: (sms) => counted(openGateway(sms)),
    }),
    cutAt: () => at,
    begunAfter: () => begun,
  };
}
