import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, fail } from './answers.ts';
import type { Answer } from './answers.ts';
import { parseArguments, readBody, textOf } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { TOKEN } from './bots.ts';
import type { Bot } from './bots.ts';
import { isProcessed } from './faults.ts';
import type { Fault } from './faults.ts';
import { findMethod } from './methods.ts';
import type { CallRecord } from './record.ts';
import { cut, isGone, replaceAnswer, respond, respondHalf, respondSlowly } from './respond.ts';
import type { MethodCall, World } from './world.ts';

/** `/bot<token>/[test/]<method>`, taken apart; null = no address of the Bot API. */
interface Address {
  readonly token: string;
  readonly environment: 'prod' | 'test';
  readonly method: string;
  readonly query: string;
}

/** One exchange on the wire, with what it may wait on. */
interface Exchange {
  readonly world: World;
  readonly response: ServerResponse;
  readonly park: MethodCall['park'];
  readonly call: CallRecord;
}

/** Serves one request of the Bot API from its first byte to its last. `refuse` takes the listener down for a while. */
export async function serve(
  world: World,
  { request, response, refuse }: { request: IncomingMessage; response: ServerResponse; refuse: (ms: number) => void },
): Promise<void> {
  let release = world.presence.hold();
  const park = async (ms: number, signal: AbortSignal = world.stopped): Promise<void> => {
    release();
    await world.presence.park(ms, signal);
    release = world.presence.hold();
  };
  try {
    const address = readAddress(request.url ?? '');
    const bot = address === null ? undefined : world.bots.get(address.token);
    const method = findMethod(address?.method ?? '');
    const call = note(world, bot, method?.name ?? address?.method ?? '');
    const body = await readBody(request);
    if (body === null) return;
    call.received = true;
    const parsed = parseArguments(address?.query ?? '', request.headers['content-type'] ?? '', body);
    const args = 'problem' in parsed ? {} : parsed.arguments;
    call.chatId = textOf(args, 'chat_id') || null;
    const fault = world.faults.take({ method: call.method, chatId: call.chatId, arguments: args });
    call.fault = fault?.kind ?? null;

    const exchange = { world, response, park, call };
    const answerCall = (): Answer | Promise<Answer> => {
      if ('problem' in parsed) return badRequest(parsed.problem);
      return answer({ address, bot, method: method ?? findMethod(textOf(args, 'method')) }, exchange, args);
    };
    if (world.latencyMs > 0) await park(world.latencyMs / 2);
    if (fault === null) await finish(exchange, await perform(call, answerCall));
    else if (fault.kind === 'refuse') {
      cut(response, true);
      refuse(fault.ms);
    } else await goWrong(exchange, fault, answerCall);
  } finally {
    release();
  }
}

function note(world: World, bot: Bot | undefined, method: string): CallRecord {
  const call: CallRecord = {
    number: world.record.calls.length + 1,
    botId: bot?.id ?? 0,
    method,
    chatId: null,
    at: world.presence.now(),
    received: false,
    processed: false,
    answered: false,
    status: null,
    fault: null,
  };
  world.record.calls.push(call);
  return call;
}

function readAddress(url: string): Address | null {
  const mark = url.indexOf('?');
  const path = decode(mark < 0 ? url : url.slice(0, mark));
  const parts = path.split('/');
  const token = parts[1]?.startsWith('bot') === true ? parts[1].slice(3) : '';
  const environment = parts[2] === 'test' && parts.length > 3 ? 'test' : 'prod';
  const method = parts[environment === 'test' ? 3 : 2];
  const length = environment === 'test' ? 4 : 3;
  if (parts[0] !== '' || !TOKEN.test(token) || method === undefined || parts.length > length) return null;
  return { token, environment, method, query: mark < 0 ? '' : url.slice(mark + 1) };
}

function decode(path: string): string {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path;
  } catch {
    return '';
  }
}

function answer(
  { address, bot, method }: { address: Address | null; bot: Bot | undefined; method: ReturnType<typeof findMethod> },
  { world, response, park, call }: Exchange,
  args: Arguments,
): Answer | Promise<Answer> {
  if (address === null) return fail(404, 'Not Found');
  if (bot === undefined || bot.revoked || bot.environment !== address.environment) return fail(401, 'Unauthorized');
  if (method === undefined) return fail(404, 'Not Found: method not found');
  return method.run({ world, bot, arguments: args, call, park, gone: () => goneOf(response) });
}

async function perform(call: CallRecord, run: () => Answer | Promise<Answer>): Promise<Answer> {
  const answered = run();
  const whole = answered instanceof Promise ? await answered : answered;
  call.processed = true;
  return whole;
}

async function finish({ world, response, park, call }: Exchange, whole: Answer, contentType?: string): Promise<void> {
  if (world.latencyMs > 0) await park(world.latencyMs / 2);
  call.answered = respond(response, whole, contentType);
  if (call.answered) call.status = whole.status;
}

async function goWrong(exchange: Exchange, fault: Fault, answerCall: () => Answer | Promise<Answer>): Promise<void> {
  const { response, park, call } = exchange;
  if (fault.kind === 'delay') await park(fault.ms);
  if (fault.kind === 'hold') await park(Infinity, fault.until);
  const whole = isProcessed(fault) ? await perform(call, answerCall) : null;
  const other = replaceAnswer(fault);
  if (other !== null) return finish(exchange, other.answer, other.contentType);
  if (fault.kind === 'hang') return park(Infinity, goneOf(response));
  if (whole === null || fault.kind === 'closeAfterProcessing') return cut(response, 'reset' in fault && fault.reset);
  if (fault.kind === 'halfAnswer') return respondHalf(response, whole, fault.bytes);
  if (fault.kind !== 'slowHeaders') return finish(exchange, whole);
  await park(fault.ms);
  call.answered = await respondSlowly(response, whole, () => park(fault.ms));
  if (call.answered) call.status = whole.status;
}

/** Made on demand: the busiest method never asks. */
function goneOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (isGone(response)) gone.abort();
  else {
    response.once('close', () => {
      gone.abort();
    });
  }
  return gone.signal;
}
