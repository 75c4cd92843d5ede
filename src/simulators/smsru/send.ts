import { moneyToDecimal } from '../../core/money.ts';
import type { Arguments } from '../arguments.ts';
import { textOf } from '../arguments.ts';
import type { AcceptedSms } from '../sms/record.ts';
import { countSegments } from '../sms/segments.ts';
import { digitsOf, take, weigh } from '../sms/weigh.ts';
import type { Refusal } from '../sms/weigh.ts';
import type { SmsWorld } from '../sms/world.ts';
import { envelope } from './codes.ts';

const MOST_NUMBERS = 100;

const CODES: Readonly<Record<Refusal, string>> = {
  bad_number: '202',
  no_route: '207',
  abroad: '214',
  stop_list: '209',
  empty: '203',
  too_long: '205',
  daily_limit: '206',
  number_limit: '230',
  same_minute: '231',
  no_money: '201',
};

interface Recipient {
  /** As it was sent: the answer's map is keyed by it. */
  readonly to: string;
  readonly text: string;
}

/** `to` with `msg` (some clients say `text`), or `to[PHONE]=TEXT`, formerly `multi[PHONE]`. */
export function recipientsOf(args: Arguments): readonly Recipient[] {
  const text = textOf(args, 'msg') || textOf(args, 'text');
  const listed = textOf(args, 'to')
    .split(',')
    .map((to) => to.trim())
    .filter((to) => to !== '');
  const own = Object.keys(args).flatMap((name) => {
    const to = /^(?:to|multi)\[(.+)\]$/.exec(name)?.[1];
    return to === undefined ? [] : [{ to, text: textOf(args, name) }];
  });
  return [...listed.map((to) => ({ to, text })), ...own];
}

export function send(world: SmsWorld, args: Arguments): Record<string, unknown> {
  const recipients = recipientsOf(args);
  const whole = refuseWhole(world, args, recipients);
  if (whole !== null) return envelope(whole);
  const isTest = textOf(args, 'test') === '1';
  const sms = recipients.map((one) => [one.to, sendOne(world, one, { sender: textOf(args, 'from'), isTest })] as const);
  return envelope('100', { sms: Object.fromEntries(sms), balance: roublesOf(world.account.balance) });
}

export function cost(world: SmsWorld, args: Arguments): Record<string, unknown> {
  const recipients = recipientsOf(args);
  const whole = refuseWhole(world, args, recipients);
  if (whole !== null) return envelope(whole);
  let total = 0;
  let count = 0;
  const items = recipients.map(({ to, text }) => {
    const code = codeFor(world, { to, text }, textOf(args, 'from'));
    // What nobody buys needs no money.
    if (code !== '100' && code !== CODES.no_money) return [to, envelope(code)] as const;
    const segments = countSegments(text);
    const price = roublesOf(world.account.price * BigInt(segments));
    total += price;
    count += segments;
    return [to, envelope('100', { cost: price, sms: segments })] as const;
  });
  return envelope('100', { sms: Object.fromEntries(items), total_cost: total, total_sms: count });
}

/** `202648-1000001`: year, week and a number, as in the real samples. */
export function idOf({ at, no }: AcceptedSms): string {
  const date = new Date(at);
  const week = Math.floor((at - Date.UTC(date.getUTCFullYear(), 0, 1)) / 604_800_000) + 1;
  return `${date.getUTCFullYear()}${String(week).padStart(2, '0')}-${1_000_000 + no}`;
}

export function roublesOf(money: bigint): number {
  return Number(moneyToDecimal(money));
}

function refuseWhole({ account }: SmsWorld, args: Arguments, recipients: readonly Recipient[]): string | null {
  const scripted = account.scripts.get('*')?.send;
  if (scripted !== undefined) return scripted;
  if (recipients.length > MOST_NUMBERS) return '213';
  if (recipients.length === 0) return '202';
  if (recipients.every(({ text }) => text === '')) return '203';
  const time = textOf(args, 'time');
  return time !== '' && !/^\d{1,10}$/.test(time) ? '208' : null;
}

function sendOne(world: SmsWorld, one: Recipient, { sender, isTest }: { readonly sender: string; readonly isTest: boolean }): object {
  const code = codeFor(world, one, sender);
  if (!TAKEN.has(code)) return envelope(code);
  // A test looks like a send and costs nothing.
  if (isTest) return envelope('100', { sms_id: '000000-10000000', cost: '0.00' });
  const sms = take(world, { number: digitsOf(one.to), text: one.text, sender: sender === '' ? null : sender });
  return { status: 'OK', status_code: Number(code), sms_id: idOf(sms), cost: roublesOf(sms.cost).toFixed(2) };
}

/** Codes under which an SMS was taken. */
const TAKEN: ReadonlySet<string> = new Set(['100', '101', '102', '103', '110']);

function codeFor(world: SmsWorld, { to, text }: Recipient, sender: string): string {
  const number = digitsOf(to);
  const scripted = world.account.scripts.get(number)?.send;
  if (scripted !== undefined) return scripted;
  if (sender !== '' && world.account.senders.get(sender) !== true) return '204';
  const refusal = weigh(world, { number, text, sender });
  return refusal === null ? '100' : CODES[refusal];
}
