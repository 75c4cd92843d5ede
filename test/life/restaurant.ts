import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { addWall } from '../../src/core/wall-time.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { commandWorld } from '../support/command-world.ts';
import type { CommandWorld } from '../support/command-world.ts';
import { BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** Clocks are changed there twice a year. */
const ZONE = 'Europe/Berlin';

/** What a restaurant's files don't say of it, so that it can be opened again. */
export interface RestaurantState {
  readonly now: number;
  readonly customers: readonly string[];
  readonly made: number;
  /** Of these, of subscribed guests: they take turns. */
  readonly served: number;
  readonly toldToOthers: number;
  /** People who have pressed Start so far. */
  readonly people: number;
}

export interface LifeWish {
  /** The first virtual day, UTC midnight. */
  readonly from: number;
  /** Where it lives. Its files bear the place's name: opened again, they must stand there again. */
  readonly folder: string;
  readonly operationsADay: number;
  readonly customers: number;
  readonly subscribers: number;
  readonly log: { readonly maxSize: string; readonly keep: number };
}

/** A restaurant that is open for years, with the program's own command line. */
export interface Restaurant {
  readonly world: World;
  readonly site: CommandWorld;
  readonly guests: readonly Person[];
  /** Operations made so far. */
  readonly made: number;
  /** Somebody who was no guest so far. */
  newGuest(): Person;
  /** As many operations at once, dated within the last `spreadMs`; the first of them is a subscribed guest's. */
  buy(count: number, spreadMs: number): void;
  wake(): void;
  /** Reads what guests were told since the last time, and lets the simulator forget it. */
  hear(): void;
  /** Operations of subscribed guests that were told other than once, and operations without a row. */
  judge(): { readonly lost: number; readonly notTold: number; readonly doubled: number; readonly toldToOthers: number };
  /** Settles its files, so that a copy of the folder is whole, and answers the rest. */
  keep(): RestaurantState;
  close(): Promise<void>;
}

/** How often each operation was told, a byte each. */
const TOLD_FILE = 'told.bin';

/** `kept`: what `keep` answered, when its files stand in the folder again. */
export async function openRestaurant(
  { from, folder, customers, subscribers, log }: LifeWish,
  kept: RestaurantState | null,
): Promise<Restaurant> {
  mkdirSync(folder, { recursive: true });
  const world = await openWorld({ zone: ZONE, start: kept?.now ?? from, folder });
  const { database, telegram } = world;
  // The till's writes need not survive a power cut here; the program's own do.
  database.exec('pragma synchronous = off');
  const site = commandWorld(world, { keepsLog: true });
  site.settle(
    [
      'notice: { templates: [{ text: { ru: "#{document}# {amount}", en: "#{document}# {amount}" } }] }',
      `log: { maxSize: ${log.maxSize}, keep: ${log.keep} }`,
      '',
    ].join('\n'),
  );
  const ids = kept?.customers ?? Array.from({ length: customers }, (_none, index) => world.customer(`Гость ${index}`));
  const people = kept === null ? ids.slice(0, subscribers).map((id) => world.guest(id)) : bringBack(world, kept.people);
  const guests = people.slice(0, subscribers);
  const insert = database.prepare(
    'insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum) values (?, ?, ?, ?, ?, ?)',
  );
  const wake = database.prepare("insert into wake (bot_id, task_id, kind, made_utc) values (?, 'default', 'event', ?)");
  /** How often each operation was told; 255 = it is nobody's who is told. */
  let told = new Uint8Array(1 << 16);
  let chats: string[] = [];
  let made = kept?.made ?? 0;
  let served = kept?.served ?? 0;
  let toldToOthers = kept?.toldToOthers ?? 0;
  while (told.length < made) told = grown(told);
  if (kept !== null) told.set(readFileSync(join(folder, TOLD_FILE)));
  const restaurant: Restaurant = {
    world,
    site,
    guests,
    get made() {
      return made;
    },
    newGuest: () => {
      const person = telegram.person({ name: 'Новый гость' });
      people.push(person);
      return person;
    },
    buy: (count, spreadMs) => {
      const wall = world.wallNow();
      database.exec('begin');
      for (let index = 0; index < count; index += 1) {
        const isGuest = index === 0;
        const customer = isGuest ? served % subscribers : subscribers + ((made * 7919) % (customers - subscribers));
        if (isGuest) served += 1;
        if (made === told.length) told = grown(told);
        told[made] = isGuest ? 0 : OTHERS;
        // On the till's own wall: in autumn an hour comes twice.
        const date = addWall(wall, -Math.floor((index * spreadMs) / count));
        insert.run(randomUUID(), ids[customer] ?? '', DEPOSIT, date, `op-${made}-${customer}`, -1_000_000);
        made += 1;
      }
      database.exec('commit');
    },
    wake: () => void wake.run(BOT_ID, world.serverNow()),
    hear: () => {
      chats = guests.map(({ chatId }) => chatId);
      for (const { chatId, text } of telegram.messages) {
        for (const [, number = '', customer = ''] of text.matchAll(/#op-(\d+)-(\d+)#/gu)) {
          const at = Number(number);
          if (told[at] === OTHERS || chats[Number(customer)] !== chatId) toldToOthers += 1;
          else told[at] = Math.min(OTHERS - 1, (told[at] ?? 0) + 1);
        }
      }
      telegram.reset();
      for (const { chat } of guests) (chat as unknown[]).length = 0;
    },
    judge: () => {
      const own = told.subarray(0, made);
      const rowless = database.prepare(
        'select count(*) as n from tp_ClientPurseOperations where not exists (select 1 from delivery where bot_id = ? and operation_id = cpop_ID)',
      );
      return {
        lost: Number(rowless.get(BOT_ID)?.['n']),
        notTold: own.filter((times) => times === 0).length,
        doubled: own.filter((times) => times > 1 && times < OTHERS).length,
        toldToOthers,
      };
    },
    keep: () => {
      database.exec('pragma wal_checkpoint(truncate)');
      writeFileSync(join(folder, TOLD_FILE), told.subarray(0, made));
      return { now: world.clock.trueNow(), customers: ids, made, served, toldToOthers, people: people.length };
    },
    close: () => world.close(),
  };
  return restaurant;
}

/** Telegram of its own remembers its people, and where its updates were. */
function bringBack({ telegram, database }: World, count: number): Person[] {
  const offset = Number(database.prepare('select offset from bot').get()?.['offset'] ?? 0);
  telegram.bot().restartUpdates(offset + 1);
  return Array.from({ length: count }, () => {
    const person = telegram.person();
    person.becomeKnown();
    return person;
  });
}

const OTHERS = 255;

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(bytes.length * 2);
  wider.set(bytes);
  return wider;
}
