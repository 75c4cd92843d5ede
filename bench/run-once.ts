import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';

import { createSystemClock } from '../src/host/clock.ts';
import { Secret } from '../src/core/secret.ts';
import type { SmsSettings, TaskSettings } from '../src/core/settings.ts';
import type { RunSummary } from '../src/core/summary.ts';
import type { Keyring } from '../src/ports/host.ts';
import type { Ledger } from '../src/ports/ledger.ts';
import { run } from '../src/run/run.ts';
import { openLedger } from '../src/sqlite/ledger.ts';
import { createTelegramChannel } from '../src/telegram/channel.ts';

export const TOKEN = '7000000001:bench-bench-bench-bench-bench-bench';
export const BOT_ID = '7000000001';
export const KEYS: Keyring = { current: 1, fingerprint: 'bench', mac: () => null };

export interface BenchTelegram {
  readonly apiRoot: string;
  readonly broadcast: 'free' | 'paid';
  /** Messages a second; 0 = no limit. */
  readonly rate: number;
  readonly concurrency: number;
}

/** Nobody is invited. */
export const SMS_OFF: SmsSettings = {
  operator: null,
  key: new Secret(''),
  sender: '',
  apiRoot: null,
  proxy: null,
  ca: null,
  timeoutMs: 60_000,
  price: null,
  countries: ['RU'],
  text: {},
  maxSegments: 2,
  intervals: [30, 90, 180],
  hours: { from: 9, to: 22, lateTo: 23 },
  caps: { run: 400, day: 200, month: 3_000, customer: 12 },
  brake: 50,
  consent: { kind: 'none' },
};

/** The settings of a bench run: no digest, no brake, so that one operation is one notice. */
export function benchSettings(telegram: BenchTelegram): TaskSettings {
  return {
    id: 'default',
    zone: 'Europe/Moscow',
    mode: 'live',
    allow: [],
    restaurant: { name: 'Пенка', contact: '' },
    guests: { language: 'ru' },
    filters: { startDate: '2020-01-01 00:00:00.000', accountTypes: [], customerGroups: [], sign: 'any', threshold: 0n },
    telegram: {
      token: new Secret(TOKEN),
      ...telegram,
      proxy: null,
      ca: null,
      timeoutMs: 30_000,
      inDoubt: 'repeat',
      repeatAfterMs: 900_000,
      silentHours: { from: 22, to: 9 },
    },
    notice: { balance: 'after', digestGapMs: 0, digestWaitMs: 10_000, templates: [], units: [] },
    subscriptions: { trustNotes: true, noteType: 'chat_ID в Telegram', legacyLinksUntil: null },
    run: { timeLimitMs: null, timeToLiveMs: 259_200_000, brake: 1_000_000, brakeAgeMs: 86_400_000, lingerMs: 15_000 },
    sms: SMS_OFF,
    findings: [],
  };
}

/** A SQLite file, or how to open the ledger of another engine. */
export type BenchLedger = { readonly file: string } | { readonly open: () => Promise<Ledger> };

/** The program's own run on a bench site; `wrap` may measure the ledger. */
export async function runOnce(
  site: BenchLedger & { readonly settings: TaskSettings; readonly kind: 'since' | 'since_last' },
  wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<RunSummary> {
  const clock = createSystemClock();
  const ledger = 'file' in site ? openLedger({ file: site.file, clock }) : await site.open();
  const channel = createTelegramChannel({ settings: site.settings.telegram, clock });
  const silent = (): void => {};
  try {
    return await run(
      {
        ledger: wrap(ledger),
        channel,
        openGateway: () => {
          throw new Error('nobody is invited here');
        },
        clock,
        journal: { tell: silent, warn: silent, fail: silent },
        keys: KEYS,
        memory: { recall: () => null, remember: silent, forget: silent },
        progress: silent,
        newId: randomUUID,
        host: 'bench',
        pid: process.pid,
        signal: new AbortController().signal,
      },
      {
        kind: site.kind,
        botId: BOT_ID,
        tasks: [site.settings],
        asked: [site.settings.id],
        since: site.kind === 'since' ? '2026-01-01 00:00:00.000' : null,
        until: null,
        customers: null,
        operations: null,
        limit: null,
        maxAgeMs: null,
        yes: true,
      },
    );
  } finally {
    channel.close();
    await ledger.close();
  }
}

export function removeSite(file: string): void {
  for (const suffix of ['', '-wal', '-shm', `.lock-${BOT_ID}`]) rmSync(`${file}${suffix}`, { force: true });
}
