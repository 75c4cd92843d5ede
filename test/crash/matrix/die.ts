import type { RunSummary } from '../../../src/core/summary.ts';
import { MINUTE } from '../../support/guests.ts';
import { DatabaseUnavailable } from '../../../src/ports/database.ts';
import { cutAt } from '../../support/cut-points.ts';
import { dieAt, Killed } from '../../support/kill-points.ts';
import type { Dying, KillPoint } from '../../support/kill-points.ts';
import { openRelay } from '../../support/relay.ts';
import type { Passing, Relay, Stage } from '../../support/relay.ts';
import { POLL_MS, SUMS } from './scene.ts';
import type { LedgerRows, Scene } from './scene.ts';

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
  /** In the moment of death. */
  readonly left: LedgerRows;
  /** Sendings that a process began though its connection had been cut; 0 of one that died. */
  readonly begunAfter: number;
  /** A run that came too early to judge the dead; null = none can, see `Scene.unjudgedMs`. */
  readonly early: RunSummary | null;
  readonly later: readonly RunSummary[];
  /** For each operation, how often its guest was told: plainly, and marked as a possible repeat. */
  readonly told: readonly { readonly plain: number; readonly marked: number }[];
  readonly greeted: number;
  /** SMS that the operator took, for each number. */
  readonly sms: readonly number[];
  readonly end: LedgerRows;
  /** How often the clock moved on though something was under way: 0, or the figures are unsound. */
  readonly stalls: number;
}

/** Real milliseconds of the virtual clock that the point's own exchange is held, so that everybody else's goes as far as it can. */
const SETTLE_MS = 5;
const LATER_RUNS = 3;

/** A run that dies before or after a port's call. */
export async function dieAtCall(scene: Scene, point: KillPoint): Promise<Aftermath> {
  return dieAndGoOn(scene, { dying: dieAt(point), relays: null });
}

/** A run whose process lives on when its connection to the database is cut. */
export async function cutAtCall(scene: Scene, point: KillPoint): Promise<Aftermath> {
  const cut = cutAt(point);
  const dying: Death['dying'] = { app: cut.app, diedAt: cut.cutAt };
  const aftermath = await dieAndGoOn(scene, { dying, relays: null });
  return { ...aftermath, begunAfter: cut.begunAfter() };
}

/** A run that dies within an exchange; null = one that lives, to learn which exchanges there are. */
export async function dieOnWire(scene: Scene, point: WirePoint | null): Promise<Aftermath> {
  const dying = dieAt(null);
  const { clock, telegram, operator } = scene;
  const open = (service: WirePoint['service'], behind: Scene['operator'] | Scene['telegram']): Promise<Relay> =>
    openRelay({
      port: behind.port,
      stageOf: ({ method, number }) =>
        point !== null && point.service === service && point.method === method && point.number === number ? point.stage : null,
      onEnd: ({ method }, stage) => dying.die(`${service} ${method} ${stage}`),
      settle: () => clock.park(SETTLE_MS),
      loseNext: () => void behind.faults.add({ kind: 'closeBeforeProcessing' }),
    });
  const relays = { telegram: await open('telegram', telegram), operator: await open('operator', operator) };
  return dieAndGoOn(scene, { dying, relays });
}

interface Death {
  readonly dying: Pick<Dying, 'app' | 'diedAt'>;
  readonly relays: { readonly telegram: Relay; readonly operator: Relay } | null;
}

async function dieAndGoOn(scene: Scene, { dying, relays }: Death): Promise<Aftermath> {
  const { clock } = scene;
  try {
    const ports = relays === null ? {} : { ports: { telegram: relays.telegram.port, operator: relays.operator.port } };
    await scene.run({ ...ports, app: dying.app }).catch(isKill);
    const left = await scene.readLedger();
    const passed = (['telegram', 'operator'] as const).flatMap((service) =>
      (relays?.[service].passed ?? []).map((one) => ({ service, ...one })),
    );
    await relays?.telegram.close();
    await relays?.operator.close();
    await clock.advance(POLL_MS);
    const early = scene.unjudgedMs === 0 ? null : await scene.run();
    if (early !== null) await clock.advance(scene.unjudgedMs);
    const later: RunSummary[] = [];
    for (let n = 0; n < LATER_RUNS; n += 1) {
      if (n > 0) await clock.advance(POLL_MS);
      later.push(await scene.run());
      await clock.advance(16 * MINUTE);
    }
    return {
      diedAt: dying.diedAt(),
      passed,
      left,
      begunAfter: 0,
      early,
      later,
      ...countSeen(scene),
      end: await scene.readLedger(),
      stalls: clock.stalls,
    };
  } finally {
    await scene.close();
  }
}

function isKill(error: unknown): void {
  if (!(error instanceof Killed || error instanceof DatabaseUnavailable)) throw error;
}

/** The greeting shows the last operation too, but tells nothing. */
function countSeen({ telegram, operator, newcomer, invited }: Scene): Pick<Aftermath, 'told' | 'greeted' | 'sms'> {
  const { messages } = telegram;
  const isGreeting = (text: string): boolean => text.includes('Последняя операция');
  const told = SUMS.map((sum) => {
    const copies = messages.filter(({ text }) => new RegExp(`[−-]${sum}\\b`).test(text) && !isGreeting(text));
    const marked = copies.filter(({ text }) => /повтор/i.test(text)).length;
    return { plain: copies.length - marked, marked };
  });
  const greeted = messages.filter(({ chatId, text }) => chatId === newcomer.chatId && isGreeting(text)).length;
  return { told, greeted, sms: invited.map((phone) => operator.accepted.filter(({ number }) => number === phone).length) };
}
