import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../arguments.ts';
import { isFaultKind } from '../faults.ts';
import type { FaultRule } from '../faults.ts';
import type { Person } from './people.ts';
import { TELEGRAM_LIMITS } from './rates.ts';
import { findDoubled } from './record.ts';
import { respond } from '../respond.ts';
import type { TelegramSimulator } from './contract.ts';

export const CONTROL_PATH = '/_simulator/';

interface Controlled {
  readonly simulator: TelegramSimulator;
  /** By chat id. */
  readonly people: ReadonlyMap<string, Person>;
}

type Wish = Readonly<Record<string, unknown>>;

/**
 * How another process holds the simulator: `POST /_simulator/<what>` with a JSON object (`content-type: application/json`),
 * answered by a JSON object ({} where none is named), or with 400 and `{"problem"}` for a wish that can't be met. Faults, limits and latency
 * don't touch these calls.
 *
 *   people    {count, known?, languageCode?}   → {chatIds}: new people; known = the bot knows them and no update tells of it
 *   start     {chatId, payload?}                 presses START; also say {chatId, text}, block, unblock, deactivate {chatId}
 *   chat      {chatId}                         → {lines}: the chat as its person sees it
 *   counts    {}                               → calls, messages, chats, perChatMax, perSecondMax, answered429, doubled, byMethod,
 *                                                byStatus, spanMs
 *   doubled   {limit?}                         → {messages}: texts that stand more than once in one chat (100)
 *   fault     {kind, times?, skip?, method?, chatId?, …}   as in faults.ts; times -1 = until cleared
 *   clear     {}                                 takes all faults back
 *   refuse    {ms}                               connections are refused for so long
 *   limits    {freePerSecond, …}                 as in rates.ts; 0 switches one off
 *   latency   {ms}                               from a request to its answer
 *   webhook   {url}                              null deletes it
 *   revoke    {}                                 the token is no longer good
 *   reset     {}                                 forgets calls, messages and faults; people stay
 */
export async function serveControl({
  request,
  response,
  ...controlled
}: Controlled & { request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const body = await readBody(request);
  const what = (request.url ?? '').slice(CONTROL_PATH.length);
  const step = STEPS[what];
  // Insisting on the type keeps web pages of a browser on this machine out: they'd have to ask first, and nobody answers.
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const told =
    request.method !== 'POST' || !isJson
      ? problem('POST a JSON object with content-type: application/json')
      : step === undefined || !Object.hasOwn(STEPS, what)
        ? problem(`no such wish: ${what}; there are ${Object.keys(STEPS).join(', ')}`)
        : attempt(() => step(controlled, JSON.parse(body === null || body === '' ? '{}' : body) as Wish));
  respond(response, { status: told.problem === undefined ? 200 : 400, body: JSON.stringify(told) });
}

function problem(said: string): { readonly problem: string } {
  return { problem: said };
}

function attempt(step: () => object | void): { readonly problem?: string } {
  try {
    return step() ?? {};
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}

const STEPS: Readonly<Record<string, (controlled: Controlled, wish: Wish) => object | void>> = {
  people: ({ simulator }, { count, known, languageCode }) => ({
    chatIds: Array.from({ length: numberOf(count, 'count') }, () => {
      const person = simulator.person(typeof languageCode === 'string' ? { languageCode } : {});
      if (known === true) person.becomeKnown();
      return person.chatId;
    }),
  }),
  start: (controlled, wish) => {
    personIn(controlled, wish).start(wish['payload'] === undefined ? undefined : textIn(wish, 'payload'));
  },
  say: (controlled, wish) => {
    personIn(controlled, wish).say(textIn(wish, 'text'));
  },
  block: (controlled, wish) => {
    personIn(controlled, wish).block();
  },
  unblock: (controlled, wish) => {
    personIn(controlled, wish).unblock();
  },
  deactivate: (controlled, wish) => {
    personIn(controlled, wish).deactivate();
  },
  chat: (controlled, wish) => ({ lines: personIn(controlled, wish).chat }),
  counts: ({ simulator }) => simulator.counts(),
  doubled: ({ simulator }, { limit }) => ({ messages: findDoubled(simulator.messages).slice(0, numberOf(limit ?? 100, 'limit')) }),
  fault: ({ simulator }, wish) => {
    if (!isFaultKind(wish['kind'])) throw new Error(`no such fault: ${String(wish['kind'])}`);
    simulator.faults.add({ ...wish, ...(wish['times'] === -1 ? { times: Infinity } : {}) } as FaultRule);
  },
  clear: ({ simulator }) => {
    simulator.faults.clear();
  },
  refuse: ({ simulator }, { ms }) => {
    const span = numberOf(ms, 'ms');
    // Not before the answer to this very wish is out.
    setImmediate(() => void simulator.refuse(span));
  },
  limits: ({ simulator }, wish) => {
    const odd = Object.keys(wish).find((name) => !Object.hasOwn(TELEGRAM_LIMITS, name));
    if (odd !== undefined) throw new Error(`no such limit: ${odd}; there are ${Object.keys(TELEGRAM_LIMITS).join(', ')}`);
    simulator.setLimits(Object.fromEntries(Object.entries(wish).map(([name, value]) => [name, numberOf(value, name)])));
  },
  latency: ({ simulator }, { ms }) => {
    simulator.setLatency(numberOf(ms, 'ms'));
  },
  webhook: ({ simulator }, { url }) => {
    simulator.bot().setWebhook(typeof url === 'string' ? url : null);
  },
  revoke: ({ simulator }) => {
    simulator.bot().revoke();
  },
  reset: ({ simulator }) => {
    simulator.reset();
  },
};

function personIn({ people }: Controlled, wish: Wish): Person {
  const found = people.get(String(wish['chatId']));
  if (found === undefined) throw new Error(`nobody has the chat ${String(wish['chatId'])}`);
  return found;
}

function textIn(wish: Wish, name: string): string {
  const text = wish[name];
  if (typeof text !== 'string') throw new Error(`${name} must be text`);
  return text;
}

function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`${name} must be a number`);
  return value;
}
