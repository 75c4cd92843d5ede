import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';
import { parseArguments, textOf } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { conduct } from '../conduct.ts';
import type { Waiting } from '../conduct.ts';
import { badRequest, fail } from './answers.ts';
import { TOKEN } from './bots.ts';
import type { Bot } from './bots.ts';
import { findMethod } from './methods.ts';
import type { CallRecord } from './record.ts';
import type { World } from './world.ts';

/** `/bot<token>/[test/]<method>`, taken apart; null = no address of the Bot API. */
interface Address {
  readonly token: string;
  readonly environment: 'prod' | 'test';
  readonly method: string;
  readonly query: string;
}

/** Serves one request of the Bot API from its first byte to its last. `refuse` takes the listener down for a while. */
export function serve(
  world: World,
  { request, response, refuse }: { request: IncomingMessage; response: ServerResponse; refuse: (ms: number) => void },
): Promise<void> {
  const address = readAddress(request.url ?? '');
  const bot = address === null ? undefined : world.bots.get(address.token);
  const method = findMethod(address?.method ?? '');
  const call = note(world, bot, method?.name ?? address?.method ?? '');
  const wire = { request, response, refuse };
  return conduct(world, wire, {
    call,
    understand: (body, waiting) => {
      const parsed = parseArguments(address?.query ?? '', request.headers['content-type'] ?? '', body);
      const args = 'problem' in parsed ? {} : parsed.arguments;
      call.chatId = textOf(args, 'chat_id') || null;
      return {
        about: { method: call.method, chatId: call.chatId, arguments: args },
        answer: () => {
          if ('problem' in parsed) return badRequest(parsed.problem);
          return answer({ address, bot, method: method ?? findMethod(textOf(args, 'method')) }, { world, call, waiting }, args);
        },
      };
    },
  });
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
  { world, call, waiting }: { world: World; call: CallRecord; waiting: Waiting },
  args: Arguments,
): Answer | Promise<Answer> {
  if (address === null) return fail(404, 'Not Found');
  if (bot === undefined || bot.revoked || bot.environment !== address.environment) return fail(401, 'Unauthorized');
  if (method === undefined) return fail(404, 'Not Found: method not found');
  return method.run({ world, bot, arguments: args, call, ...waiting });
}
