import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import { STAGES } from '../../support/relay.ts';
import type { Stage } from '../../support/relay.ts';
import { dieAtCall, dieOnWire } from './die.ts';
import type { Aftermath, WirePoint } from './die.ts';

/** One place in which a run died, with what came of it. */
export interface Window {
  readonly aftermath: Aftermath;
  readonly place: PortPlace | WirePlace;
}

/** `call`: port and method; `number`: of all calls of ports, from 1. */
export interface PortPlace {
  readonly kind: 'port';
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

/** In the order in which a run passes them, from the call after so many; each is a run, its death, and the runs after it. */
export async function* playPorts(gateway: GatewayName, extent: Extent, skipped = 0): AsyncGenerator<Window> {
  for (let number = skipped + 1; ; number += 1) {
    const before = await dieAtCall(gateway, { call: number, side: 'before' });
    if (before.diedAt === null) return;
    yield { aftermath: before, place: { kind: 'port', call: before.diedAt, number, side: 'before' } };
    if (extent === 'short' && !CHANGES.has(before.diedAt)) continue;
    const after = await dieAtCall(gateway, { call: number, side: 'after' });
    yield { aftermath: after, place: { kind: 'port', call: after.diedAt ?? '', number, side: 'after' } };
  }
}

/** The same on the wire, without so many deaths. */
export async function* playWire(gateway: GatewayName, extent: Extent, skipped = 0): AsyncGenerator<Window> {
  const { passed } = await dieOnWire(gateway, null);
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
        aftermath: await dieOnWire(gateway, { service, method, number, stage }),
        place: { kind: 'wire', service, method, number, stage },
      };
    }
  }
}

function isSms({ service, method }: Pick<WirePoint, 'service' | 'method'>): boolean {
  return service === 'operator' && /\/(?:sms\/send|apiSms\/create|delivery)$/u.test(method);
}
