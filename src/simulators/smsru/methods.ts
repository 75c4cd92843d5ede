import type { Arguments } from '../arguments.ts';
import { textOf } from '../arguments.ts';
import { stageOf } from '../sms/stage.ts';
import type { Stage } from '../sms/stage.ts';
import { digitsOf, usedToday } from '../sms/weigh.ts';
import type { SmsWorld } from '../sms/world.ts';
import { envelope, textOfCode } from './codes.ts';
import { cost, idOf, roublesOf, send } from './send.ts';

type Method = (world: SmsWorld, args: Arguments) => Record<string, unknown>;

const STAGES: Readonly<Record<Stage, string>> = {
  moderation: '100',
  queued: '100',
  sent: '102',
  delivered: '103',
  undelivered: '105',
  declined: '108',
};

export const SMSRU_METHODS: Readonly<Record<string, Method>> = {
  '/sms/send': send,
  '/sms/cost': cost,
  '/sms/status': status,
  '/my/balance': ({ account }) => envelope('100', { balance: roublesOf(account.balance) }),
  '/my/limit': (world) => envelope('100', { total_limit: world.account.dailyLimit, used_today: usedToday(world) }),
  '/my/free': () => envelope('100', { total_free: null, used_today: null }),
  '/my/senders': ({ account }) =>
    envelope('100', { senders: [...account.senders].flatMap(([name, approved]) => (approved ? [name] : [])) }),
  '/auth/check': () => envelope('100'),
  '/stoplist/add': ({ account }, args) => {
    account.stopList.add(digitsOf(textOf(args, 'stoplist_phone')));
    return envelope('100');
  },
  '/stoplist/del': ({ account }, args) => {
    account.stopList.delete(digitsOf(textOf(args, 'stoplist_phone')));
    return envelope('100');
  },
  '/stoplist/get': ({ account }) => envelope('100', { stoplist: Object.fromEntries([...account.stopList].map((number) => [number, ''])) }),
};

function status(world: SmsWorld, args: Arguments): Record<string, unknown> {
  const ids = textOf(args, 'sms_id').split(',');
  const items = ids.map((id) => [id, statusOf(world, id)] as const);
  return envelope('100', { sms: Object.fromEntries(items), balance: roublesOf(world.account.balance) });
}

function statusOf(world: SmsWorld, id: string): object {
  const sms = world.record.accepted.find((one) => idOf(one) === id);
  if (sms === undefined) return envelope('-1');
  const code = world.account.scripts.get(sms.number)?.status ?? STAGES[stageOf(world, sms)];
  return { status: 'OK', status_code: Number(code), cost: roublesOf(sms.cost), status_text: textOfCode(code) };
}
