import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import type { RunSummary } from '../../../src/core/summary.ts';
import { MINUTE, nextPoll } from '../../support/guests.ts';
import { dieAt, Killed } from '../../support/kill-points.ts';
import type { Dying, KillPoint } from '../../support/kill-points.ts';
import { openRelay } from '../../support/relay.ts';
import type { Passing, Relay, Stage } from '../../support/relay.ts';
import { openScene, SUMS } from './scene.ts';
import type { Scene } from './scene.ts';

/** One exchange with a service, and how far it comes. */
export interface WirePoint extends Passing {
  readonly service: 'telegram' | 'operator';
  readonly stage: Stage;
}

/** What is left when a run has died at a point, and what the next runs make of it; by the services' own records where guests are concerned. */
export interface Aftermath {
  /** The port's call or the exchange at which it died; null = it lived on, as there are fewer. */
  readonly diedAt: string | null;
  /** Every exchange that passed. */
  readonly passed: readonly Pick<WirePoint, 'service' | 'method' | 'number'>[];
  /** Rows of the ledger in the moment of death: deliveries by state, invitations in the order of their numbers. */
  readonly left: { readonly deliveries: Readonly<Record<string, number>>; readonly invitations: readonly string[] };
  readonly later: readonly RunSummary[];
  /** For each operation, how often its guest was told: plainly, and marked as a possible repeat. */
  readonly told: readonly { readonly plain: number; readonly marked: number }[];
  readonly greeted: number;
  /** SMS that the operator took, for each number. */
  readonly sms: readonly number[];
  readonly end: Aftermath['left'];
  /** How often the clock moved on though something was under way: 0, or the figures are unsound. */
  readonly stalls: number;
}

/** Real milliseconds of the virtual clock that the point's own exchange is held, so that everybody else's goes as far as it can. */
const SETTLE_MS = 5;
const LATER_RUNS = 3;

/** A run that dies before or after a port's call. */
export async function dieAtCall(gateway: GatewayName, point: KillPoint): Promise<Aftermath> {
  const scene = await openScene(gateway);
  return dieAndGoOn(scene, { dying: dieAt(point), relays: null });
}

/** A run that dies within an exchange; null = one that lives, to learn which exchanges there are. */
export async function dieOnWire(gateway: GatewayName, point: WirePoint | null): Promise<Aftermath> {
  const scene = await openScene(gateway);
  const dying = dieAt(null);
  const { world, operator } = scene;
  const open = (service: WirePoint['service'], behind: Scene['operator'] | Scene['world']['telegram']): Promise<Relay> =>
    openRelay({
      port: behind.port,
      stageOf: ({ method, number }) =>
        point !== null && point.service === service && point.method === method && point.number === number ? point.stage : null,
      onEnd: ({ method }, stage) => dying.die(`${service} ${method} ${stage}`),
      settle: () => world.clock.park(SETTLE_MS),
      loseNext: () => void behind.faults.add({ kind: 'closeBeforeProcessing' }),
    });
  const relays = { telegram: await open('telegram', world.telegram), operator: await open('operator', operator) };
  return dieAndGoOn(scene, { dying, relays });
}

interface Death {
  readonly dying: Dying;
  readonly relays: { readonly telegram: Relay; readonly operator: Relay } | null;
}

async function dieAndGoOn(scene: Scene, { dying, relays }: Death): Promise<Aftermath> {
  const { world } = scene;
  try {
    const wish = scene.wish(relays === null ? undefined : { telegram: relays.telegram.port, operator: relays.operator.port });
    const app: NonNullable<typeof wish.app> = (base) => ({ ...wish.app?.(base), ...dying.app({ ...base, ...wish.app?.(base) }) });
    await world.run({ ...wish, app }).catch(isKill);
    const left = readLedger(scene);
    const passed = (['telegram', 'operator'] as const).flatMap((service) =>
      (relays?.[service].passed ?? []).map((one) => ({ service, ...one })),
    );
    await relays?.telegram.close();
    await relays?.operator.close();
    const later: RunSummary[] = [];
    for (let n = 0; n < LATER_RUNS; n += 1) {
      await nextPoll(world);
      later.push(await world.run(scene.wish()));
      await world.clock.advance(16 * MINUTE);
    }
    return { diedAt: dying.diedAt(), passed, left, later, ...countSeen(scene), end: readLedger(scene), stalls: world.clock.stalls };
  } finally {
    await scene.close();
  }
}

function isKill(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}

function readLedger({ world, invited }: Scene): Aftermath['left'] {
  return { deliveries: toldRows(world.states()), invitations: invited.flatMap((phone) => fateOf(world, phone)) };
}

/** As `state` or `state(reason)`; nothing before it is planned. */
function fateOf({ database }: Scene['world'], phone: string): string[] {
  return database
    .prepare("select state || coalesce('(' || reason || ')', '') as fate from invitation where number = ?")
    .all(phone)
    .map((row) => String(row['fate']));
}

/** Without those who are invited instead: their rows are final when they are planned. */
function toldRows({ skipped: _skipped, ...states }: Record<string, number>): Record<string, number> {
  return states;
}

/** The greeting shows the last operation too, but tells nothing. */
function countSeen({ world, operator, newcomer, invited }: Scene): Pick<Aftermath, 'told' | 'greeted' | 'sms'> {
  const { messages } = world.telegram;
  const isGreeting = (text: string): boolean => text.includes('Последняя операция');
  const told = SUMS.map((sum) => {
    const copies = messages.filter(({ text }) => new RegExp(`[−-]${sum}\\b`).test(text) && !isGreeting(text));
    const marked = copies.filter(({ text }) => /повтор/i.test(text)).length;
    return { plain: copies.length - marked, marked };
  });
  const greeted = messages.filter(({ chatId, text }) => chatId === newcomer.chatId && isGreeting(text)).length;
  return { told, greeted, sms: invited.map((phone) => operator.accepted.filter(({ number }) => number === phone).length) };
}
