import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, OwnErrors } from './answer.ts';
import { readBody } from './arguments.ts';
import { isProcessed } from './faults.ts';
import type { Fault, FaultCall, Faults } from './faults.ts';
import type { Presence } from './presence.ts';
import { cut, isGone, replaceAnswer, respond, respondCut, respondHalf, respondSlowly } from './respond.ts';

/** What conducting an exchange needs of a simulator. */
export interface Scene {
  readonly presence: Presence;
  readonly faults: Faults;
  /** From the request's arrival to its answer; half of it lies before the processing. */
  readonly latencyMs: number;
  /** Aborts when the simulator stops. */
  readonly stopped: AbortSignal;
  readonly errors: OwnErrors;
}

/** How far a call came. */
export interface CallMarks {
  /** The whole request was read. */
  received: boolean;
  /** The service did what it was asked to, or refused it for good reason; false when a fault came before. */
  processed: boolean;
  /** A whole answer was handed to the network; whether it was read can't be known. */
  answered: boolean;
  status: number | null;
  fault: string | null;
}

/** What a call may wait on. */
export interface Waiting {
  /** Sleeps while the client waits. */
  park(ms: number, signal?: AbortSignal): Promise<void>;
  /** Aborts when the client gives up. */
  gone(): AbortSignal;
}

/** A request as its simulator understands it. `twist` answers by a fault's wish what `answer` said otherwise. */
export interface Play {
  readonly about: FaultCall;
  answer(): Answer | Promise<Answer>;
  twist?(answer: Answer, kind: 'itemMissing' | 'otherNumber'): Answer;
}

interface Exchange {
  readonly scene: Scene;
  readonly response: ServerResponse;
  readonly park: Waiting['park'];
  readonly call: CallMarks;
  readonly play: Play;
}

/** One exchange from its first byte to its last. `refuse` takes the listener down for a while. */
export async function conduct(
  scene: Scene,
  {
    request,
    response,
    refuse,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly refuse: (ms: number) => void },
  { call, understand }: { readonly call: CallMarks; readonly understand: (body: string, waiting: Waiting) => Play },
): Promise<void> {
  let release = scene.presence.hold();
  const park = async (ms: number, signal: AbortSignal = scene.stopped): Promise<void> => {
    release();
    await scene.presence.park(ms, signal);
    release = scene.presence.hold();
  };
  try {
    const body = await readBody(request);
    if (body === null) return;
    call.received = true;
    const play = understand(body, { park, gone: () => goneOf(response) });
    const fault = scene.faults.take(play.about);
    call.fault = fault?.kind ?? null;
    const exchange = { scene, response, park, call, play };
    if (scene.latencyMs > 0) await park(scene.latencyMs / 2);
    if (fault === null) await finish(exchange, await perform(exchange));
    else if (fault.kind === 'refuse') {
      cut(response, true);
      refuse(fault.ms);
    } else await goWrong(exchange, fault);
  } finally {
    release();
  }
}

async function perform({ call, play }: Exchange): Promise<Answer> {
  const answered = play.answer();
  const whole = answered instanceof Promise ? await answered : answered;
  call.processed = true;
  return whole;
}

async function finish({ scene, response, park, call }: Exchange, whole: Answer): Promise<void> {
  if (scene.latencyMs > 0) await park(scene.latencyMs / 2);
  call.answered = respond(response, whole);
  if (call.answered) call.status = whole.status;
}

async function goWrong(exchange: Exchange, fault: Fault): Promise<void> {
  const { scene, response, park, call, play } = exchange;
  if (fault.kind === 'delay') await park(fault.ms);
  const whole = isProcessed(fault) ? await perform(exchange) : null;
  const other = replaceAnswer(fault, scene.errors);
  if (other !== null) return finish(exchange, other);
  if (fault.kind === 'hang') return park(Infinity, goneOf(response));
  if (whole === null || fault.kind === 'closeAfterProcessing') return cut(response, 'reset' in fault && fault.reset);
  if (fault.kind === 'halfAnswer') return respondHalf(response, whole, fault.bytes);
  if (fault.kind === 'itemMissing' || fault.kind === 'otherNumber') return finish(exchange, play.twist?.(whole, fault.kind) ?? whole);
  if (fault.kind === 'cutAnswer') call.answered = await respondCut(response, whole, fault.bytes);
  else if (fault.kind !== 'slowHeaders') return finish(exchange, whole);
  else {
    await park(fault.ms);
    call.answered = await respondSlowly(response, whole, () => park(fault.ms));
  }
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
