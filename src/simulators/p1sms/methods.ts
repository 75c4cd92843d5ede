import { moneyToDecimal } from '../../core/money.ts';
import type { Answer } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import { stageOf } from '../sms/stage.ts';
import type { Stage } from '../sms/stage.ts';
import type { AcceptedSms } from '../sms/record.ts';
import type { SmsWorld } from '../sms/world.ts';
import { invalid, succeed } from './answers.ts';
import { create, idOf } from './create.ts';

type Method = (world: SmsWorld, args: Arguments) => Answer;

const STAGES: Readonly<Record<Stage, string>> = {
  moderation: 'moderation',
  queued: 'created',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'not_delivered',
  declined: 'rejected',
};

export const P1SMS_METHODS: Readonly<Record<string, Method>> = {
  'POST /apiSms/create': create,
  'POST /apiSms/get': get,
  'GET /apiSms/getSmsStatus': getStatus,
  'GET /apiUsers/getUserBalanceInfo': ({ account }) => succeed(moneyToDecimal(account.balance)),
  'GET /apiUsers/getUserSenders': ({ account }) => succeed([...account.senders.keys()].map((senderName) => ({ senderName, status: null }))),
  'GET /apiUsers/getUserBlacklist': ({ account }) => succeed([...account.stopList].map((phone) => ({ phone }))),
};

function get(world: SmsWorld, args: Arguments): Answer {
  const ids: unknown = args['apiSmsIdList'];
  if (!Array.isArray(ids)) return invalid('The api sms id list field is required.');
  const found = findAll(world, ids as readonly unknown[]);
  return succeed(
    found.map((sms) => ({
      // The PDF has text here, newer sources a number.
      id: String(idOf(sms)),
      errorDescription: null,
      cost: moneyToDecimal(sms.cost).slice(0, -2),
      createdAt: Math.floor(sms.at / 1_000),
      updatedAt: Math.floor(world.presence.now() / 1_000),
      cascadeSmsId: null,
      status: statusOf(world, sms),
    })),
  );
}

/** A bare list without an envelope, unlike all the rest. */
function getStatus(world: SmsWorld, args: Arguments): Answer {
  const ids = Object.entries(args).flatMap(([name, value]) => (name.startsWith('smsId[') ? [value] : []));
  const list = findAll(world, ids).map((sms) => ({ sms_id: idOf(sms), sms_status: statusOf(world, sms), receive_date: null }));
  return { status: 200, body: JSON.stringify(list) };
}

function findAll({ record }: SmsWorld, ids: readonly unknown[]): readonly AcceptedSms[] {
  const wanted = new Set(ids.map(String));
  return record.accepted.filter((sms) => wanted.has(String(idOf(sms))));
}

function statusOf(world: SmsWorld, sms: AcceptedSms): string {
  return world.account.scripts.get(sms.number)?.status ?? STAGES[stageOf(world, sms)];
}
