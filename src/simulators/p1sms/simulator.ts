import type { Answer } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../sms/contract.ts';
import { OTHER_NUMBER } from '../sms/operator.ts';
import type { Operator, SmsRequest } from '../sms/operator.ts';
import { startOperator } from '../sms/start.ts';
import type { SmsWorld } from '../sms/world.ts';
import { fail } from './answers.ts';
import { P1SMS_METHODS } from './methods.ts';

/**
 * P1SMS by its page and its PDF. Which HTTP status an error comes under is known of 400 alone, and no error text is published: every `message`,
 * `exception` and `errorDescription` here is invented.
 */
export function startP1smsSimulator(options: SmsSimulatorOptions): Promise<SmsSimulator> {
  return startOperator(P1SMS, options);
}

const P1SMS: Operator = {
  root: '',
  errors: {
    broken: fail(500, { message: 'Server Error', exception: 'ErrorException' }),
    tooMany: (seconds) => ({
      ...fail(429, { message: 'Too Many Attempts.', exception: 'ThrottleRequestsException' }),
      retryAfter: seconds,
    }),
  },
  numberOf: (args) => String(firstOf(args)['phone'] ?? ''),
  answer,
  twist: (body, kind) => {
    if (!Array.isArray(body['data'])) return null;
    const items = body['data'] as readonly object[];
    return { ...body, data: kind === 'itemMissing' ? [] : items.map((item) => ({ ...item, phone: OTHER_NUMBER })) };
  },
};

function answer(world: SmsWorld, request: SmsRequest): Answer {
  const name = `${request.verb} ${request.path}`;
  const method = Object.hasOwn(P1SMS_METHODS, name) ? P1SMS_METHODS[name] : undefined;
  if (method === undefined) return fail(404, { message: '', exception: 'NotFoundHttpException' });
  if (request.problem !== null) return fail(400, { message: request.problem, exception: 'JsonException' });
  if (request.arguments['apiKey'] !== world.account.key)
    return fail(400, { message: 'Неверный apiKey', exception: 'AuthenticationException' });
  return method(world, request.arguments);
}

function firstOf(args: Arguments): Readonly<Record<string, unknown>> {
  const first: unknown = Array.isArray(args['sms']) ? args['sms'][0] : null;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
}
