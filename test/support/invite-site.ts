import { randomUUID } from 'node:crypto';
import type { RunSummary } from '../../src/core/summary.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { run } from '../../src/run/run.ts';
import { fakeOperator } from './fake-gateway.ts';
import type { FakeOperator } from './fake-gateway.ts';
import { makeKeys } from './link-keys.ts';
import { makeSqliteSite } from './site.ts';
import type { SqliteSite } from './site.ts';
import { taskSettings } from './task-settings.ts';
import type { SettingsWish } from './task-settings.ts';

/** A site on the embedded engine with a Telegram that is only there or not: a run takes milliseconds, so that thousands can be played. */
export interface InviteSite {
  readonly site: SqliteSite;
  readonly operator: FakeOperator;
  /** Telegram answers; its queue is always empty. */
  isUp: boolean;
  run(settings: SettingsWish, wish: { readonly yes: boolean; readonly wrap: (ledger: Ledger) => Ledger }): Promise<RunSummary>;
  close(): Promise<void>;
}

const BOT_ID = '7000000001';
const DOWN = { answer: 'unreachable', detail: 'down' } as const;
const silent = (): void => {};

export function openInviteSite(): InviteSite {
  const site = makeSqliteSite();
  const operator = fakeOperator();
  let elapsed = 0;
  // The database's clock jumps, the process's own never does.
  const clock: Clock = {
    now: () => site.now(),
    monotonic: () => elapsed,
    sleep: async (ms) => {
      elapsed += Math.max(0, ms);
      site.pass(Math.max(0, ms));
    },
  };
  const opened: InviteSite = {
    site,
    operator,
    isUp: true,
    run: async (settings, { yes, wrap }) => {
      const ledger = await site.openLedger();
      const task = taskSettings(settings);
      try {
        return await run(
          {
            ledger: wrap(ledger),
            channel: channelOf(opened),
            openGateway: operator.open,
            clock,
            journal: { tell: silent, warn: silent, fail: silent },
            keys: { ...makeKeys([1]), fingerprint: 'fingerprint' },
            memory: { recall: () => null, remember: silent, forget: silent },
            progress: silent,
            newId: randomUUID,
            host: 'till',
            pid: 1,
            signal: new AbortController().signal,
          },
          {
            kind: 'since_last',
            botId: BOT_ID,
            tasks: [task],
            asked: [task.id],
            since: null,
            until: null,
            customers: null,
            operations: null,
            limit: null,
            maxAgeMs: null,
            yes,
          },
        );
      } finally {
        await ledger.close();
      }
    },
    close: () => site.close(),
  };
  return opened;
}

function channelOf(site: InviteSite): Channel {
  return {
    identify: async () => (site.isUp ? { answer: 'bot', bot: { id: BOT_ID, username: 'penka_bot', firstName: '' } } : DOWN),
    pull: async () => (site.isUp ? { answer: 'updates', updates: [] } : DOWN),
    send: async () => ({ outcome: 'delivered', messageId: '1', detail: '' }) as never,
    readWebhook: async () => DOWN,
    deleteWebhook: async () => DOWN,
    setCommands: async () => DOWN,
    close: silent,
  };
}
