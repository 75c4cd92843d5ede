import type { TaskId } from '../../core/glossary.ts';
import { Secret } from '../../core/secret.ts';
import type { Finding, NoticeTemplate, SmsSettings, TaskSettings, Unit } from '../../core/settings.ts';
import type { SecretReference } from './reference.ts';
import type { TaskFile } from './schema.ts';
import type { Settled } from './settle.ts';

/** A section of the file with everything filled in: secrets read, nothing left open but what may be unset. */
type Complete<T> = T extends SecretReference
  ? Secret | undefined
  : T extends readonly unknown[] | string | number | boolean | bigint | null | undefined
    ? T
    : { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> };
type TaskValues = Complete<TaskFile>;

/** Builds a task's settings from its values; `settled` has every setting of a task but the unset ones. */
export function buildTask(id: TaskId, settled: ReadonlyMap<string, Settled>, findings: readonly Finding[]): TaskSettings {
  const { zone, mode, allow, restaurant, guests, filters, telegram, notice, subscriptions, run, sms } = nest(settled) as TaskValues;
  return freeze({
    id,
    zone,
    mode,
    allow,
    restaurant,
    guests,
    filters,
    telegram: {
      // A command that needs no token may run without one; the empty token belongs to no bot.
      token: telegram.token ?? new Secret(''),
      apiRoot: telegram.apiRoot,
      proxy: telegram.proxy ?? null,
      ca: telegram.ca ?? null,
      broadcast: telegram.broadcast,
      rate: telegram.rate,
      concurrency: telegram.concurrency,
      timeoutMs: telegram.timeout,
      inDoubt: telegram.inDoubt,
      repeatAfterMs: telegram.repeatAfter,
      silentHours: telegram.silentHours,
    },
    notice: {
      balance: notice.balance,
      digestGapMs: notice.digestGap,
      digestWaitMs: notice.digestWait,
      templates: notice.templates.map(buildTemplate),
      units: notice.units.map(buildUnit),
    },
    subscriptions: {
      trustNotes: subscriptions.trustNotes,
      noteType: subscriptions.noteType,
      legacyLinksUntil: subscriptions.legacyLinks.until,
    },
    run: { timeLimitMs: run.timeLimit, timeToLiveMs: run.timeToLive, brake: run.brake, brakeAgeMs: run.brakeAge, lingerMs: run.linger },
    sms: buildSms(sms),
    findings,
  });
}

function buildSms(sms: TaskValues['sms']): SmsSettings {
  // Neither text has a default, so the section may be missing as a whole.
  const { ru, en }: { readonly ru?: string; readonly en?: string } = sms.text ?? {};
  const { note, group } = sms.consent;
  return {
    operator: sms.operator === 'off' ? null : sms.operator,
    key: (sms.operator === 'pushsms' ? sms.token : sms.apiKey) ?? new Secret(''),
    sender: sms.sender,
    apiRoot: sms.apiRoot ?? null,
    proxy: sms.proxy ?? null,
    ca: sms.ca ?? null,
    timeoutMs: sms.timeout,
    price: sms.price,
    countries: sms.countries,
    text: buildTexts({ ru, en }),
    maxSegments: sms.maxSegments,
    intervals: sms.intervals,
    hours: { ...sms.hours, lateTo: sms.lateHour },
    caps: sms.caps,
    brake: sms.brake,
    consent: group !== null ? { kind: 'group', groupId: group } : note !== null ? { kind: 'note', noteType: note } : { kind: 'none' },
  };
}

function buildTemplate({ accountType, customerGroup, sign, text }: TaskValues['notice']['templates'][number]): NoticeTemplate {
  return { accountType: accountType ?? null, customerGroup: customerGroup ?? null, sign: sign ?? 'any', text: buildTexts(text) };
}

function buildUnit({ accountType, text, digits }: TaskValues['notice']['units'][number]): Unit {
  return { accountType: accountType ?? null, text: buildTexts(text), digits: digits ?? 2 };
}

function buildTexts({ ru, en }: { readonly ru?: string | undefined; readonly en?: string | undefined }): NoticeTemplate['text'] {
  return { ...(ru === undefined ? {} : { ru }), ...(en === undefined ? {} : { en }) };
}

/** Turns dotted paths into sections. */
export function nest(settled: ReadonlyMap<string, Settled>): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of settled) {
    const keys = path.split('.');
    let section = root;
    for (const key of keys.slice(0, -1)) section = (section[key] ??= {}) as Record<string, unknown>;
    section[keys.at(-1)!] = value;
  }
  return root;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Secret))
    for (const part of Object.values(Object.freeze(value))) freeze(part);
  return value;
}
