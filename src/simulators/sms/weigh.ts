import { countSegments } from './segments.ts';
import type { AcceptedSms } from './record.ts';
import type { SmsWorld } from './world.ts';

/** Why an account doesn't get its SMS through; each operator has its own code for it, or its own silence. */
export type Refusal =
  | 'bad_number'
  | 'no_route'
  | 'abroad'
  | 'stop_list'
  | 'empty'
  | 'too_long'
  | 'daily_limit'
  | 'number_limit'
  | 'same_minute'
  | 'no_money';

export interface Wanted {
  readonly number: string;
  readonly text: string;
  readonly sender: string | null;
  readonly reference?: string | null;
  readonly routing?: readonly string[];
}

/** Eight is what SMS.RU documents; the others say nothing of a limit. */
const MOST_SEGMENTS = 8;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOSCOW_MS = 3 * 3_600_000;

/** `+7 (999) …` and `8999…` as digits of the world. */
export function digitsOf(phone: string): string {
  return phone.replaceAll(/\D/g, '').replace(/^8(?=\d{10}$)/, '7');
}

/** The order of the checks is a guess for all three operators. */
export function weigh({ account, record, presence }: SmsWorld, { number, text }: Wanted): Refusal | null {
  const now = presence.now();
  const segments = countSegments(text);
  if (!/^\d{10,15}$/.test(number) || (number.startsWith('7') && number.length !== 11)) return 'bad_number';
  if (!number.startsWith('7') && !account.abroad) return 'abroad';
  if (/^7[3458]/.test(number)) return 'no_route';
  if (text === '') return 'empty';
  if (segments > MOST_SEGMENTS) return 'too_long';
  if (account.stopList.has(number)) return 'stop_list';
  const today = record.accepted.filter(({ at }) => dayOf(at) === dayOf(now));
  if (today.length >= account.dailyLimit) return 'daily_limit';
  const toNumber = today.filter((sms) => sms.number === number);
  if (toNumber.length >= account.numberLimit) return 'number_limit';
  if (toNumber.some((sms) => sms.text === text && now - sms.at < MINUTE_MS)) return 'same_minute';
  return account.balance < account.price * BigInt(segments) ? 'no_money' : null;
}

/** Takes the SMS and the money for it. */
export function take({ account, record, presence, onSms }: SmsWorld, wanted: Wanted): AcceptedSms {
  const { number, text, sender, reference = null, routing = ['sms'] } = wanted;
  const segments = countSegments(text);
  const cost = account.price * BigInt(segments);
  account.balance -= cost;
  const no = record.accepted.length + 1;
  const sms = { no, number, text, segments, cost, reference, sender, at: presence.now(), routing };
  record.accepted.push(sms);
  onSms(sms);
  return sms;
}

export function usedToday({ record, presence }: SmsWorld): number {
  return record.accepted.filter(({ at }) => dayOf(at) === dayOf(presence.now())).length;
}

function dayOf(at: number): number {
  return Math.floor((at + MOSCOW_MS) / DAY_MS);
}
