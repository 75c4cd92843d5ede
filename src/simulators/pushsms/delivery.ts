import { moneyToDecimal } from '../../core/money.ts';
import type { Answer } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import { textOf } from '../arguments.ts';
import type { AcceptedSms } from '../sms/record.ts';
import { countSegments } from '../sms/segments.ts';
import { stageOf } from '../sms/stage.ts';
import type { Stage } from '../sms/stage.ts';
import { digitsOf, take, weigh } from '../sms/weigh.ts';
import type { Refusal, Wanted } from '../sms/weigh.ts';
import type { SmsWorld } from '../sms/world.ts';
import { fail, succeed } from './answers.ts';

/** Stands in the place of every name that the account doesn't have, and of none, without a word. */
export const HOUSE_SENDER = 'PUSHSMS.RU';
/** What an account tries first where a request doesn't say. */
export const ACCOUNT_ROUTING: readonly string[] = ['whatsapp', 'sms'];
const FIRST_ID = 369_095_000;

const STAGES: Readonly<Record<Stage, string>> = {
  moderation: '21',
  queued: '6',
  sent: '1',
  delivered: '2',
  undelivered: '5',
  declined: '22',
};

/** A refusal comes as a delivery that has failed already; that it does is inferred from the table of statuses. */
const REFUSED: Readonly<Record<Exclude<Refusal, 'bad_number' | 'empty'>, string>> = {
  no_route: '48',
  abroad: '34',
  stop_list: '555',
  too_long: '26',
  daily_limit: '37',
  number_limit: '12',
  same_minute: '12',
  no_money: '13',
};

const DESCRIPTIONS: Readonly<Record<string, string>> = { '6': 'Принято', '1': 'Передано оператору', '2': 'Доставлено' };

/** Statuses under which a delivery was taken. */
const TAKEN: ReadonlySet<string> = new Set(['1', '2', '6', '14', '15', '16', '21', '46']);

export function createDelivery(world: SmsWorld, args: Arguments): Answer {
  const reference = textOf(args, 'external_id') || null;
  const first = reference === null ? undefined : world.record.accepted.find((sms) => sms.reference === reference);
  if (first !== undefined) return succeed({ delivery: show(first, statusOf(world, first)) });
  const number = digitsOf(textOf(args, 'phone'));
  const text = textOf(args, 'text');
  const wanted = { number, text, reference, sender: senderOf(world, args), routing: routingOf(args) };
  const { scripts } = world.account;
  const whole = scripts.get('*')?.send;
  if (whole !== undefined) return fail(Number(whole), 'simulated failure');
  if (text === '') return fail(422, 'Validation failed', { text: ['the text cannot be empty'] });
  const refusal = weigh(world, wanted);
  if (refusal === 'bad_number' || refusal === 'empty') return fail(422, 'Validation failed', { phone: ['the phone is invalid'] });
  const scripted = scripts.get(number)?.send ?? (refusal === null ? null : REFUSED[refusal]);
  if (scripted !== null && !TAKEN.has(scripted)) return succeed({ delivery: show({ ...wanted, no: 0, cost: 0n }, scripted) });
  const sms = take(world, wanted);
  return succeed({ delivery: show(sms, scripted ?? statusOf(world, sms)) });
}

export function askDelivery(world: SmsWorld, id: string): Answer {
  const sms = world.record.accepted.find(({ no }) => String(FIRST_ID + no) === id);
  if (sms === undefined) return fail(404, 'Delivery not found');
  const status = statusOf(world, sms);
  const nested = { status_id: Number(status), description: describe(status) };
  return succeed({ delivery: { id: FIRST_ID + sms.no, status: nested, operator: { name: 'simulated' }, sum: roublesOf(sms.cost) } });
}

function show({ number, text, sender, reference, routing, no, cost }: Wanted & Pick<AcceptedSms, 'no' | 'cost'>, status: string): object {
  return {
    id: FIRST_ID + no,
    phone: `+${number}`,
    dispatch_routing: routing,
    status_id: Number(status),
    status_description: describe(status),
    total_sms: countSegments(text),
    sender_name: sender,
    priority: 'medium',
    scheduled_at: null,
    sum: roublesOf(cost),
    traffic_category: 1,
    external_id: reference,
    utm_mark: null,
    callback_url: null,
  };
}

function senderOf({ account }: SmsWorld, args: Arguments): string {
  const wanted = textOf(args, 'sender_name');
  return account.senders.get(wanted) === true ? wanted : HOUSE_SENDER;
}

/** A list in JSON, Rails-style `dispatch_routing[]` in a form, where the last one counts here. */
function routingOf(args: Arguments): readonly string[] {
  const wanted: unknown = args['dispatch_routing'] ?? args['dispatch_routing[]'];
  return Array.isArray(wanted) ? wanted.map(String) : typeof wanted === 'string' ? [wanted] : ACCOUNT_ROUTING;
}

function statusOf(world: SmsWorld, sms: AcceptedSms): string {
  return world.account.scripts.get(sms.number)?.status ?? STAGES[stageOf(world, sms)];
}

function describe(status: string): string {
  return DESCRIPTIONS[status] ?? `simulated text of ${status}`;
}

function roublesOf(cost: bigint): string {
  return moneyToDecimal(cost).slice(0, -2);
}
