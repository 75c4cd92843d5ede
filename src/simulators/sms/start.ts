import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';
import { parseArguments } from '../arguments.ts';
import { conduct } from '../conduct.ts';
import { createFaults } from '../faults.ts';
import { listen, LOOPBACK } from '../listener.ts';
import type { Listener } from '../listener.ts';
import { createOutage } from '../outage.ts';
import { presenceOf } from '../presence.ts';
import { openAccount } from './account.ts';
import type { SmsSimulator, SmsSimulatorOptions } from './contract.ts';
import type { Operator } from './operator.ts';
import { sumRecord } from './record.ts';
import type { SmsCall } from './record.ts';
import { digitsOf } from './weigh.ts';
import type { SmsWorld } from './world.ts';

/** Starts one operator on loopback. */
export async function startOperator(operator: Operator, options: SmsSimulatorOptions): Promise<SmsSimulator> {
  const presence = presenceOf(options.clock);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const world: SmsWorld = {
    presence,
    faults: createFaults(),
    errors: operator.errors,
    latencyMs: options.latencyMs ?? 0,
    stopped: stopping.signal,
    account: openAccount(options.account),
    record: { calls: [], accepted: [] },
    onSms: options.onSms ?? (() => {}),
  };
  const { refuse, accept } = createOutage(presence, () => listener, stopping.signal);
  const listener: Listener = await listen(options.port ?? 0, (request, response) => {
    serve(world, operator, { request, response, refuse: (ms) => void refuse(ms) }).catch((error: unknown) => {
      // A fault in the simulator itself must be seen, not waited for.
      response.destroy();
      queueMicrotask(() => {
        throw error;
      });
    });
  });
  return {
    url: `http://${LOOPBACK}:${listener.port}${operator.root}`,
    port: listener.port,
    faults: world.faults,
    account: world.account,
    calls: world.record.calls,
    accepted: world.record.accepted,
    sums: () => sumRecord(world.record),
    setLatency: (ms) => {
      world.latencyMs = ms;
    },
    refuse,
    accept,
    reset: () => {
      world.record.calls.length = 0;
      world.record.accepted.length = 0;
      world.faults.clear();
    },
    stop: () => {
      stopping.abort();
      return listener.down();
    },
  };
}

function serve(
  world: SmsWorld,
  operator: Operator,
  wire: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly refuse: (ms: number) => void },
): Promise<void> {
  const { request } = wire;
  const verb = request.method ?? 'GET';
  const [whole = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
  const path = whole.startsWith(operator.root) ? whole.slice(operator.root.length) : '';
  const call = note(world, `${verb} ${path}`);
  return conduct(world, wire, {
    call,
    understand: (body) => {
      const parsed = parseArguments(query, request.headers['content-type'] ?? '', body);
      const args = 'problem' in parsed ? {} : parsed.arguments;
      const problem = 'problem' in parsed ? parsed.problem : null;
      call.phone = digitsOf(operator.numberOf(args)) || null;
      return {
        about: { method: path, number: call.phone, arguments: args },
        answer: () => operator.answer(world, { verb, path, arguments: args, problem, authorization: request.headers.authorization ?? '' }),
        twist: (answer, kind) => twist(operator, answer, kind),
      };
    },
  });
}

function note({ record, presence }: SmsWorld, method: string): SmsCall {
  const call: SmsCall = {
    number: record.calls.length + 1,
    method,
    phone: null,
    at: presence.now(),
    received: false,
    processed: false,
    answered: false,
    status: null,
    fault: null,
  };
  record.calls.push(call);
  return call;
}

function twist(operator: Operator, answer: Answer, kind: 'itemMissing' | 'otherNumber'): Answer {
  if (answer.contentType !== undefined) return answer;
  const twisted = operator.twist(JSON.parse(answer.body) as Record<string, unknown>, kind);
  return twisted === null ? answer : { ...answer, body: JSON.stringify(twisted) };
}
