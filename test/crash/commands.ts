import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { createKeyring } from '../../src/host/keyring.ts';
import { openHostMemory } from '../../src/host/memory.ts';
import { commandWorld } from '../support/command-world.ts';
import type { CommandWorld } from '../support/command-world.ts';
import { dieAt } from '../support/kill-points.ts';
import type { KillPoint } from '../support/kill-points.ts';
import { BOT_ID, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** What an administrator's command died in, and what the commands after it said. */
export interface CommandDeath {
  /** Null = it lived on, as there are fewer calls. */
  readonly diedAt: string | null;
  readonly broken: readonly string[];
}

export interface DyingCommand {
  readonly argv: readonly string[];
  /** Makes what the command is for. */
  readonly prepare: (world: World, site: CommandWorld) => void | Promise<void>;
  /** May a run right after the death be turned away? It says then which command is the way out, and it is this one. */
  readonly mayTurnAway: RegExp | null;
  /** A link that was sent before goes on working. */
  readonly keepsLinks: boolean;
}

const RUN = ['run', '--since-last'];
const POLL_MS = 5_000;

/** Every command that changes more than one thing outside. */
export const DYING: Readonly<Record<string, DyingCommand>> = {
  'keys rotate': { argv: ['keys', 'rotate'], prepare: () => {}, mayTurnAway: null, keepsLinks: true },
  'keys rotate --revoke-old': { argv: ['keys', 'rotate', '--revoke-old'], prepare: () => {}, mayTurnAway: null, keepsLinks: false },
  bind: { argv: ['bind', '--yes'], prepare: makeCopy, mayTurnAway: /tp-tg-notify bind/u, keepsLinks: false },
  'bind --restored': {
    argv: ['bind', '--restored', '--yes'],
    prepare: setBack,
    mayTurnAway: /tp-tg-notify bind --restored/u,
    keepsLinks: true,
  },
  install: { argv: ['install'], prepare: takeAway, mayTurnAway: /`install`|tp-tg-notify install/u, keepsLinks: false },
};

/** At every call that the command makes, before and after it. */
export async function dieEverywhere(command: DyingCommand): Promise<readonly CommandDeath[]> {
  const deaths: CommandDeath[] = [];
  for (let call = 1; ; call += 1) {
    const before = await dieInCommand(command, { call, side: 'before' });
    if (before.diedAt === null) return deaths;
    deaths.push(before, await dieInCommand(command, { call, side: 'after' }));
  }
}

/**
 * The command dies at the point; then runs come by the schedule, the administrator reads `status`, makes a link, and gives the same command
 * again. Afterwards nothing is left to say, and links work that should.
 */
async function dieInCommand({ argv, prepare, mayTurnAway, keepsLinks }: DyingCommand, point: KillPoint): Promise<CommandDeath> {
  const world = await openWorld();
  try {
    let dying: ReturnType<typeof dieAt> | null = null;
    const site = commandWorld(world, { through: (doors) => dying?.doors(doors) ?? doors });
    const [early, late] = [world.customer('Анна'), world.customer('Борис')];
    const broken: string[] = [];
    const must = (kept: boolean, sentence: string): void => void (kept || broken.push(sentence));
    await site.command(...RUN);
    await prepare(world, site);
    const sent = world.link(early);
    dying = dieAt(point);
    await site.command(...argv);
    const diedAt = dying.diedAt();
    dying = null;
    if (diedAt === null) return { diedAt, broken };

    const next = await later(world, site, RUN);
    must(next.code === 0 || mayTurnAway?.test(next.text) === true, `the next run ended with ${next.code}: ${next.text}`);
    const again = await later(world, site, argv);
    must(again.code === 0, `given again, it ended with ${again.code}: ${again.text}`);
    const status = await site.command('status');
    must(!/link key|keys rotate|tp-tg-notify bind/u.test(status.text), `status still says: ${status.text}`);

    world.telegram.person({ name: 'Анна' }).start(sent);
    const fresh = await site.command('link', late);
    world.telegram.person({ name: 'Борис' }).start(/start=([\w-]+)/u.exec(fresh.text)?.[1] ?? '');
    const last = await later(world, site, RUN);
    must(last.code === 0, `the last run ended with ${last.code}: ${last.text}`);
    must(isSubscribed(world, late), 'a link made afterwards does not work');
    must(isSubscribed(world, early) === keepsLinks, `a link sent before ${keepsLinks ? 'does not work' : 'works though it is revoked'}`);
    return { diedAt, broken };
  } finally {
    await world.close();
  }
}

async function later(world: World, site: CommandWorld, argv: readonly string[]): ReturnType<CommandWorld['command']> {
  await world.clock.advance(POLL_MS);
  return site.command(...argv);
}

function isSubscribed({ database }: World, customer: string): boolean {
  return database.prepare("select 1 as found from subscription where customer_id = ? and state = 'active'").get(customer) !== undefined;
}

/** The database of another restaurant, on a host that has a key of its own. */
function makeCopy({ database, folder }: World, { keyPath }: CommandWorld): void {
  database.exec("update place set bound_to = 'elsewhere'");
  const own = join(folder, 'own.json');
  createKeyring(own);
  copyFileSync(own, keyPath);
}

/** The host remembers a run that the database doesn't know. */
function setBack({ file, folder }: World): void {
  openHostMemory(join(folder, 'tp-tg-notify.memory.json'), file).remember(BOT_ID, { runNo: 99, runId: 'lost' });
}

/** Back to Tillypad alone, no key; two tasks that keep the chat in notes of different names. */
async function takeAway({ folder }: World, site: CommandWorld): Promise<void> {
  await site.command('uninstall', '--drop-ledger', '--yes');
  rmSync(site.keyPath);
  rmSync(join(folder, 'tp-tg-notify.memory.json'));
  site.settle('tasks: { one: {}, other: { subscriptions: { noteType: Другой чат } } }\n');
}
