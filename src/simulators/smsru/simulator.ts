import type { Answer } from '../answer.ts';
import { textOf } from '../arguments.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../sms/contract.ts';
import { OTHER_NUMBER } from '../sms/operator.ts';
import type { Operator, SmsRequest } from '../sms/operator.ts';
import { startOperator } from '../sms/start.ts';
import type { SmsWorld } from '../sms/world.ts';
import { envelope } from './codes.ts';
import { SMSRU_METHODS } from './methods.ts';
import { recipientsOf } from './send.ts';

/** SMS.RU by its official documentation: every answer of its own comes under HTTP 200. */
export function startSmsruSimulator(options: SmsSimulatorOptions): Promise<SmsSimulator> {
  return startOperator(SMSRU, options);
}

const SMSRU: Operator = {
  root: '',
  errors: {
    broken: { status: 500, body: JSON.stringify(envelope('500')) },
    tooMany: (seconds) => ({ status: 429, body: JSON.stringify(envelope('220')), retryAfter: seconds }),
  },
  numberOf: (args) => recipientsOf(args)[0]?.to ?? '',
  answer: (world, request) => {
    const told = tell(world, request);
    return textOf(request.arguments, 'json') === '1' ? { status: 200, body: JSON.stringify(told) } : asLines(told);
  },
  twist: (body, kind) => {
    const { sms } = body;
    if (typeof sms !== 'object' || sms === null) return null;
    const items = kind === 'itemMissing' ? [] : Object.values(sms).map((item: unknown) => [OTHER_NUMBER, item] as const);
    return { ...body, sms: Object.fromEntries(items) };
  },
};

function tell(world: SmsWorld, { path, arguments: args }: SmsRequest): Record<string, unknown> {
  const method = Object.hasOwn(SMSRU_METHODS, path) ? SMSRU_METHODS[path] : undefined;
  if (method === undefined) return envelope('211');
  if (textOf(args, 'login') !== '') return envelope('301');
  return textOf(args, 'api_id') === world.account.key ? method(world, args) : envelope('200');
}

/** The older form of an answer: `100`, a line of each number, `balance=4122.56`. */
function asLines(told: Record<string, unknown>): Answer {
  const items = typeof told['sms'] === 'object' && told['sms'] !== null ? (Object.values(told['sms']) as Record<string, unknown>[]) : [];
  const lines = [told['status_code'], ...items.map((item) => item['sms_id'] ?? item['status_code'])].map(String);
  if (typeof told['balance'] === 'number') lines.push(`balance=${told['balance']}`);
  return { status: 200, body: lines.join('\n'), contentType: 'text/plain; charset=utf-8' };
}
