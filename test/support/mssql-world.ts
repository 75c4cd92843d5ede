import { randomUUID } from 'node:crypto';

import { makePayload } from '../../src/core/start-payload.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { addWall } from '../../src/core/wall-time.ts';
import type { HostMemory, Keyring } from '../../src/ports/host.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { RunApp } from '../../src/run/context.ts';
import { run } from '../../src/run/run.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import type { TestDatabase } from './mssql-database.ts';
import { makeMssqlSite } from './mssql-site.ts';
import type { MssqlSite } from './mssql-site.ts';
import { makeKeys } from './link-keys.ts';
import { fakeOperator } from './fake-gateway.ts';
import { taskSettings } from './task-settings.ts';
import { BOT_ID, REQUEST, SILENT } from './world.ts';
import type { RunWish } from './world.ts';

/** A server that is busy with others may take seconds for a call; time must not move on meanwhile. */
const PATIENCE_MS = 60_000;

/** A small restaurant on SQL Server, with Telegram and its guests on one virtual clock that the server's own follows. */
export interface MssqlWorld {
  readonly site: MssqlSite;
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  customer(name: string, phone?: string): Promise<string>;
  /** A minute ago; roubles. */
  operation(customer: string, sum?: number): Promise<void>;
  guest(customer: string, name: string): Person;
  run(wish: RunWish): Promise<RunSummary>;
  close(): Promise<void>;
}

/** In a prepared database, which is emptied first. */
export async function openMssqlWorld(database: TestDatabase): Promise<MssqlWorld> {
  const site = await makeMssqlSite(database, database);
  const clock = createVirtualClock(site.now(), { patienceMs: PATIENCE_MS });
  const telegram = await startTelegramSimulator({ clock, latencyMs: 40 });
  const keys: Keyring = { ...makeKeys([1]), fingerprint: 'fingerprint' };
  const memory = memoryOf();
  const defaults = { apiRoot: telegram.url };
  const settle = (): void => site.pass(clock.now() - site.now());
  return {
    site,
    clock,
    telegram,
    customer: (name, phone) => clock.busy(site.addCustomer({ name, ...(phone === undefined ? {} : { profilePhone: phone }) })),
    operation: async (customer, sum = -450) => {
      settle();
      await clock.busy(site.addOperations([{ customer, date: addWall(site.wall(), -60_000), sum: BigInt(sum) * 10_000n }]));
    },
    guest: (customer, name) => {
      const person = telegram.person({ name });
      person.start(makePayload(customer, { keys, botId: BOT_ID, epoch: 0 }));
      return person;
    },
    run: async ({ tasks = [taskSettings(defaults)], request, app }) => {
      const [first = taskSettings(defaults)] = tasks;
      const ledger = follow(await clock.busy(site.openLedger()), { clock, settle });
      const channel = trackChannel(createTelegramChannel({ settings: first.telegram, clock }), clock);
      const base: RunApp = {
        ledger,
        channel,
        openGateway: fakeOperator().open,
        clock,
        journal: SILENT,
        keys,
        memory,
        progress: () => {},
        newId: randomUUID,
        host: 'till',
        pid: 1,
        signal: new AbortController().signal,
      };
      try {
        return await run({ ...base, ...app?.(base) }, { ...REQUEST, botId: BOT_ID, tasks, asked: tasks.map(({ id }) => id), ...request });
      } finally {
        channel.close();
        // A dead process's connection breaks, which frees its lock and nothing else.
        await ledger.close();
      }
    },
    close: async () => {
      await site.close();
      await telegram.stop();
    },
  };
}

/** Time stands still while the server works, and the server shows it. */
function follow(ledger: Ledger, { clock, settle }: { readonly clock: VirtualClock; readonly settle: () => void }): Ledger {
  return new Proxy(ledger, {
    get: (target, key) => {
      const method = Reflect.get(target, key) as (...values: unknown[]) => Promise<unknown>;
      return (...values: unknown[]) => {
        settle();
        return clock.busy(method.apply(target, values));
      };
    },
  });
}

function memoryOf(): HostMemory {
  const known = new Map<string, ReturnType<HostMemory['recall']>>();
  return {
    recall: (botId) => known.get(botId) ?? null,
    remember: (botId, last) => void known.set(botId, last),
    forget: (botId) => void known.delete(botId),
  };
}
