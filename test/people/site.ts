import { commandWorld } from '../support/command-world.ts';
import type { CommandWorld } from '../support/command-world.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';

const MINUTE = 60_000;

/** A site, its administrator's commands and one subscribed guest. */
export interface PeopleSite {
  readonly world: World;
  readonly site: CommandWorld;
  readonly customer: string;
  readonly person: Person;
  /** `run --since-last`, a minute later. */
  run(): Promise<{ readonly code: number; readonly text: string }>;
  pass(minutes: number): Promise<void>;
  /** Copies of notices in the guest's chat: without the mark, and with it. */
  copies(): { readonly plain: number; readonly marked: number };
}

/** What a scene found broken, a sentence each; none = all as promised. */
export type Scene = () => Promise<readonly string[]>;

/** Opens a site, plays, and lets go of it. `expect` keeps the sentence when what it says isn't so. */
export function scene(play: (site: PeopleSite, expect: (isSo: boolean, sentence: string) => void) => Promise<void>): Scene {
  return async () => {
    const world = await openWorld();
    const broken: string[] = [];
    try {
      await play(await settleIn(world), (isSo, sentence) => {
        if (!isSo) broken.push(sentence);
      });
      if (world.clock.stalls > 0) broken.push('time moved on while work was under way: the scene itself is unsound');
    } finally {
      await world.close();
    }
    return broken;
  };
}

async function settleIn(world: World): Promise<PeopleSite> {
  const site = commandWorld(world);
  const customer = world.customer();
  const person = world.guest(customer);
  const pass = (minutes: number): Promise<void> => world.clock.advance(minutes * MINUTE);
  const opened: PeopleSite = {
    world,
    site,
    customer,
    person,
    pass,
    run: async () => {
      await pass(1);
      return site.command('run', '--since-last');
    },
    copies: () => {
      const notices = person.received.map(({ text }) => text).filter((text) => text.includes('➖'));
      const marked = notices.filter((text) => text.includes('повтор')).length;
      return { plain: notices.length - marked, marked };
    },
  };
  await opened.run();
  return opened;
}
