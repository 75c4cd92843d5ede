import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import { STAGES } from '../../support/relay.ts';
import type { Stage } from '../../support/relay.ts';
import { cutAtCall, dieAtCall, dieOnWire } from './die.ts';
import type { Aftermath, WirePoint } from './die.ts';
import { openScene } from './scene.ts';
import type { OpenScene } from './scene.ts';

/** One place in which a run died, with what came of it. */
export interface Window {
  readonly aftermath: Aftermath;
  readonly place: PortPlace | WirePlace;
}

/** `call`: port and method; `number`: of all calls of ports, from 1. cut: of the ledger's alone, where the connection breaks and the process lives on. */
export interface PortPlace {
  readonly kind: 'port' | 'cut';
  readonly call: string;
  readonly number: number;
  readonly side: 'before' | 'after';
}

export interface WirePlace extends WirePoint {
  readonly kind: 'wire';
}

/**
 * whole: both sides of every call of a port, and every stage of every exchange. short: without the far side of calls that only read (the next
 * call's near side is the same moment), without exchanges of a kind that was there before, and every byte only of one notice and one SMS.
 */
export type Extent = 'whole' | 'short';

/** Calls after which anything is otherwise, here or outside. */
const CHANGES = new Set([
  'ledger.openRun',
  'memory.remember',
  'ledger.recover',
  'ledger.saveUpdates',
  'ledger.savePoll',
  'ledger.admit',
  'ledger.plan',
  'ledger.advance',
  'ledger.saveInvitations',
  'ledger.advanceInvitations',
  'ledger.saveStatuses',
  'ledger.mirrorNotes',
  'ledger.finishRun',
  'telegram.pull',
  'telegram.send',
  'operator.send',
]);
/** The greeting, and the two notices that are on the wire at once. */
const SHORT_SENDS = [1, 2, 3];
const WHOLE_SEND = 2;
/** What any exchange can come to. */
const SHORT_STAGES: readonly Stage[] = ['connected', 'unprocessed', 'processed', 'answered'];

export async function collect(windows: AsyncIterable<Window>): Promise<readonly Window[]> {
  const all: Window[] = [];
  for await (const window of windows) all.push(window);
  return all;
}

export interface Play {
  readonly gateway: GatewayName;
  readonly extent: Extent;
  /** The embedded engine's. */
  readonly open?: OpenScene;
  /** Windows that were played before, in the order of the playing. */
  readonly skipped?: number;
}

/** In the order in which a run passes them; each is a run, its death, and the runs after it. */
export function playPorts(play: Play): AsyncGenerator<Window> {
  return playCalls(play, { kind: 'port', end: dieAtCall });
}

/** The same for a connection that breaks at every call of the ledger. */
export function playCuts(play: Play): AsyncGenerator<Window> {
  return playCalls(play, { kind: 'cut', end: cutAtCall });
}

async function* playCalls(
  { gateway, extent, open = openScene, skipped = 0 }: Play,
  { kind, end }: { readonly kind: PortPlace['kind']; readonly end: typeof dieAtCall },
): AsyncGenerator<Window> {
  // What was played is counted by both sides of a call, which the whole extent always has.
  for (let number = Math.floor(skipped / 2) + 1; ; number += 1) {
    const before = await soundly(async () => end(await open(gateway), { call: number, side: 'before' }));
    if (before.diedAt === null) return;
    if (skipped < number * 2 - 1) yield { aftermath: before, place: { kind, call: before.diedAt, number, side: 'before' } };
    if (extent === 'short' && !CHANGES.has(before.diedAt)) continue;
    const after = await soundly(async () => end(await open(gateway), { call: number, side: 'after' }));
    yield { aftermath: after, place: { kind, call: after.diedAt ?? '', number, side: 'after' } };
  }
}

export async function* playWire({ gateway, extent, open = openScene, skipped = 0 }: Play): AsyncGenerator<Window> {
  const { passed } = await dieOnWire(await open(gateway), null);
  let seen = 0;
  for (const exchange of passed) {
    const { service, method, number } = exchange;
    const isTold = method === 'sendMessage';
    if (extent === 'short' && number > 1 && !(isTold && SHORT_SENDS.includes(number))) continue;
    const everyByte = extent === 'whole' || (isTold && number === WHOLE_SEND) || isSms(exchange);
    for (const stage of everyByte ? STAGES : SHORT_STAGES) {
      seen += 1;
      if (seen <= skipped) continue;
      yield {
        aftermath: await soundly(async () => dieOnWire(await open(gateway), { service, method, number, stage })),
        place: { kind: 'wire', service, method, number, stage },
      };
    }
  }
}

/** On a machine that is busy with other things a call may take so long that time is moved on: then it says nothing, and is played again. */
async function soundly(die: () => Promise<Aftermath>): Promise<Aftermath> {
  for (let left = 3; ; left -= 1) {
    const aftermath = await die();
    if (aftermath.stalls === 0 || left === 0) return aftermath;
  }
}

function isSms({ service, method }: Pick<WirePoint, 'service' | 'method'>): boolean {
  return service === 'operator' && /\/(?:sms\/send|apiSms\/create|delivery)$/u.test(method);
}
