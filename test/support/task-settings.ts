import { Secret } from '../../src/core/secret.ts';
import type { NoticeSettings, RunSettings, SmsSettings, TaskSettings, TelegramSettings } from '../../src/core/settings.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';

export interface SettingsWish
  extends Partial<Omit<TelegramSettings, 'token'>>, Partial<NoticeSettings>, Partial<RunSettings>, Partial<TaskSettings['filters']> {
  readonly id?: string;
  readonly token?: string;
  readonly mode?: 'live' | 'test';
  readonly allow?: readonly string[];
  readonly trustNotes?: boolean;
  readonly sms?: Partial<SmsSettings>;
  readonly restaurant?: string;
}

/** A task's settings with every default spelt out; what is named in the wish wins. */
export function taskSettings(wish: SettingsWish = {}): TaskSettings {
  const broadcast = wish.broadcast ?? 'free';
  return {
    id: wish.id ?? 'default',
    zone: 'Europe/Moscow',
    mode: wish.mode ?? 'live',
    allow: wish.allow ?? [],
    restaurant: { name: wish.restaurant ?? 'Пенка', contact: '+7 495 000-00-00' },
    guests: { language: 'ru' },
    filters: {
      startDate: wish.startDate === undefined ? '2026-11-01 00:00:00.000' : wish.startDate,
      accountTypes: wish.accountTypes ?? [],
      customerGroups: wish.customerGroups ?? [],
      sign: wish.sign ?? 'any',
      threshold: wish.threshold ?? 0n,
    },
    telegram: {
      token: new Secret(wish.token ?? SIMULATED_BOT.token),
      apiRoot: wish.apiRoot ?? '',
      proxy: null,
      ca: null,
      broadcast,
      rate: wish.rate ?? 29.4,
      concurrency: wish.concurrency ?? 3,
      timeoutMs: wish.timeoutMs ?? 30_000,
      inDoubt: wish.inDoubt ?? 'repeat',
      repeatAfterMs: wish.repeatAfterMs ?? 900_000,
      silentHours: wish.silentHours ?? null,
    },
    notice: {
      balance: wish.balance ?? 'after',
      digestGapMs: wish.digestGapMs ?? 60_000,
      digestWaitMs: wish.digestWaitMs ?? 10_000,
      templates: wish.templates ?? [],
      units: wish.units ?? [],
    },
    subscriptions: { trustNotes: wish.trustNotes ?? true, noteType: 'chat_ID в Telegram', legacyLinksUntil: null },
    run: {
      timeLimitMs: wish.timeLimitMs === undefined ? 300_000 : wish.timeLimitMs,
      timeToLiveMs: wish.timeToLiveMs ?? 72 * 3_600_000,
      brake: wish.brake ?? 300,
      brakeAgeMs: wish.brakeAgeMs ?? 24 * 3_600_000,
      lingerMs: wish.lingerMs ?? 15_000,
    },
    sms: { ...SMS_OFF, ...wish.sms },
    findings: [],
  };
}

/** Nobody is invited, and every other default. */
const SMS_OFF: SmsSettings = {
  operator: null,
  key: new Secret('test-key'),
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
