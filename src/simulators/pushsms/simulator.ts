import { moneyToDecimal } from '../../core/money.ts';
import type { Answer } from '../answer.ts';
import { textOf } from '../arguments.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../sms/contract.ts';
import { OTHER_NUMBER } from '../sms/operator.ts';
import type { Operator, SmsRequest } from '../sms/operator.ts';
import { startOperator } from '../sms/start.ts';
import type { SmsWorld } from '../sms/world.ts';
import { fail, succeed } from './answers.ts';
import { ACCOUNT_ROUTING, askDelivery, createDelivery, HOUSE_SENDER } from './delivery.ts';

/**
 * PUSHSMS as its clients see it; its own documentation was not to be had. That a repeated `external_id` gets the first delivery once more is the
 * usual meaning of such a thing and unverified.
 */
export function startPushsmsSimulator(options: SmsSimulatorOptions): Promise<SmsSimulator> {
  return startOperator(PUSHSMS, options);
}

const PUSHSMS: Operator = {
  root: '/api/v1',
  errors: {
    broken: fail(500, 'Internal Server Error'),
    tooMany: (seconds) => ({ ...fail(429, 'Too Many Requests'), retryAfter: seconds }),
  },
  numberOf: (args) => textOf(args, 'phone'),
  answer,
  twist: (body, kind) => {
    const { delivery, ...rest } = body;
    if (typeof delivery !== 'object' || delivery === null) return null;
    return kind === 'itemMissing' ? rest : { ...rest, delivery: { ...delivery, phone: `+${OTHER_NUMBER}` } };
  },
};

function answer(world: SmsWorld, { verb, path, arguments: args, problem, authorization }: SmsRequest): Answer {
  if (authorization !== `Bearer ${world.account.key}`) return fail(401, 'Not authorized!');
  if (problem !== null) return fail(400, problem);
  if (verb === 'POST' && path === '/delivery') return createDelivery(world, args);
  const id = /^\/delivery\/(\d+)$/.exec(path)?.[1];
  if (verb === 'GET' && id !== undefined) return askDelivery(world, id);
  if (verb === 'GET' && path === '/account') return succeed({ account: showAccount(world) });
  return fail(404, 'Not found');
}

/** With the token in it, as the real one answers. */
function showAccount({ account }: SmsWorld): object {
  const names = [...account.senders].flatMap(([name, approved]) => (approved ? [name] : []));
  return {
    total_amount: moneyToDecimal(account.balance).slice(0, -2),
    customer_id: 1_000_017,
    sender_names: [HOUSE_SENDER, ...names],
    dispatch_routing: ACCOUNT_ROUTING,
    token: account.key,
  };
}
