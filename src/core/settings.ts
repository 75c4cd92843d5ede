import type { AccountTypeId, CustomerGroupId, CustomerId, Language, Money, TaskId, WallTime } from './glossary.ts';
import type { Secret } from './secret.ts';
import type { GatewayName } from './sms-outcome.ts';

/**
 * The settings of one task as the program uses them: parsed once, defaults filled in, frozen. The zod schema of
 * `cli/settings` produces exactly this; after it nobody validates and nobody reads the environment.
 * Durations end in `Ms`; dates of operations are wall-clock text.
 */
export interface TaskSettings {
  readonly id: TaskId;
  /** IANA zone of the restaurant: silent hours, budget days and the program's own stamps. Never applied to operations. */
  readonly zone: string;
  /** live: everybody · test: only the customers in `allow`, and the watermark stays. */
  readonly mode: 'live' | 'test';
  readonly allow: readonly CustomerId[];
  readonly restaurant: { readonly name: string; readonly contact: string };
  readonly guests: { readonly language: Language };
  readonly filters: Filters;
  readonly telegram: TelegramSettings;
  readonly notice: NoticeSettings;
  readonly subscriptions: SubscriptionSettings;
  readonly run: RunSettings;
  readonly sms: SmsSettings;
  /** Notes for the summary: a task parameter that the file or the environment overrides, filters left empty, … */
  readonly findings: readonly Finding[];
}

/** Which operations a task tells about. Empty account types or groups mean all of them. */
export interface Filters {
  /** Operations before this are never looked at; null = from the first run on. */
  readonly startDate: WallTime | null;
  readonly accountTypes: readonly AccountTypeId[];
  /** A group stands for its descendants too. */
  readonly customerGroups: readonly CustomerGroupId[];
  readonly sign: 'any' | 'credit' | 'debit';
  /** Operations whose absolute sum is below are not told. */
  readonly threshold: Money;
}

export interface TelegramSettings {
  readonly token: Secret;
  readonly apiRoot: string;
  /** `http://`, `https://`, `socks5://` or `socks5h://` URL, with credentials if need be. */
  readonly proxy: Secret | null;
  /** PEM text of an own certification authority. */
  readonly ca: string | null;
  readonly broadcast: 'free' | 'paid';
  /** Messages a second: 29.4 free (the limit is 30), 970 paid (1,000); 0 switches the limit off (own Bot API server, bench). See core/pace. */
  readonly rate: number;
  /** Calls at once: 3 free, 100 paid. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** What becomes of a notice in doubt: told once more with a mark, left to a person, or given up. */
  readonly inDoubt: 'repeat' | 'ask' | 'giveUp';
  readonly repeatAfterMs: number;
  /** Operations older than 30 min arrive without sound in these hours of the restaurant's zone; null = never silent. */
  readonly silentHours: { readonly from: number; readonly to: number } | null;
}

/** One ICU template and where it holds; the most specific one that fits wins, ties by order. */
export interface NoticeTemplate {
  readonly accountType: AccountTypeId | null;
  readonly customerGroup: CustomerGroupId | null;
  readonly sign: 'any' | 'credit' | 'debit';
  /** HTML with ICU MessageFormat variables, by language. */
  readonly text: Readonly<Partial<Record<Language, string>>>;
}

/** How an amount of an account type is written: a currency sign, or an ICU plural such as `{count, plural, one {балл} …}`. */
export interface Unit {
  readonly accountType: AccountTypeId | null;
  readonly text: Readonly<Partial<Record<Language, string>>>;
  /** Digits after the point, 0 to 4. */
  readonly digits: number;
}

export interface NoticeSettings {
  readonly balance: 'after' | 'current' | 'off';
  /** Operations at most this far apart are told in one notice; 0 = one notice per operation. */
  readonly digestGapMs: number;
  /** A notice is claimed this long after its newest operation. */
  readonly digestWaitMs: number;
  readonly templates: readonly NoticeTemplate[];
  readonly units: readonly Unit[];
}

export interface SubscriptionSettings {
  /** A filled note of a customer without a proven chat counts. */
  readonly trustNotes: boolean;
  readonly noteType: string;
  /** The former solution's bare-GUID links are accepted until this date (wall clock); null = refused. */
  readonly legacyLinksUntil: WallTime | null;
}

export interface RunSettings {
  /** Ends a run with --since-last in order; null = none. */
  readonly timeLimitMs: number | null;
  readonly timeToLiveMs: number;
  /** More notices than this about operations older than `brakeAgeMs` need --yes. */
  readonly brake: number;
  readonly brakeAgeMs: number;
  /** How long a run that found a wake row lingers after the newest one. */
  readonly lingerMs: number;
}

/** What a customer must have agreed to before an invitation: nothing, a filled note of a type, or membership of a group (descendants too). */
export type Consent =
  | { readonly kind: 'none' }
  | { readonly kind: 'note'; readonly noteType: string }
  | { readonly kind: 'group'; readonly groupId: CustomerGroupId };

/** Invitations by SMS. Caps and `maxSegments` count segments, what operators bill by. */
export interface SmsSettings {
  /** Null: nobody is invited. */
  readonly operator: GatewayName | null;
  /** The key of SMS.RU and P1SMS; for PUSHSMS the token. Empty when none is given. */
  readonly key: Secret;
  /** Approved sender name; empty = the account's default. */
  readonly sender: string;
  /** Another root than the operator's own: a stand-in, a reverse proxy. */
  readonly apiRoot: string | null;
  readonly proxy: Secret | null;
  readonly ca: string | null;
  readonly timeoutMs: number;
  /** Roubles a segment, decimal text: the forecast where the operator has no cost method; null = unknown. */
  readonly price: string | null;
  /** ISO countries whose numbers are invited. */
  readonly countries: readonly string[];
  /** ICU templates by language; those absent are our own. The link stands last, put there by the program. */
  readonly text: Readonly<Partial<Record<Language, string>>>;
  readonly maxSegments: number;
  /** Days between the first and the second invitation, the second and the third, …; after the last there is none. */
  readonly intervals: readonly number[];
  /** Hours in the restaurant's zone in which invitations go; until `lateTo` for operations younger than half an hour. */
  readonly hours: { readonly from: number; readonly to: number; readonly lateTo: number };
  readonly caps: { readonly run: number; readonly day: number; readonly month: number; readonly customer: number };
  /** More customers to invite at once than this need --yes. */
  readonly brake: number;
  readonly consent: Consent;
}

/** Something a person should know; `code` names a sentence in `cli/render`, `args` fill it. */
export interface Finding {
  readonly code: string;
  readonly args: Readonly<Record<string, string | number>>;
}
