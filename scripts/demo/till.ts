import type { DatabaseSync } from 'node:sqlite';

import type { WallTime } from '../../src/core/glossary.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import { makeRandom } from '../sample/random.ts';
import type { SampleSite } from '../sample/site.ts';
import type { Guest } from './cast.ts';
import { START_DATE, ZONE } from './restaurant.ts';
import { markOf } from './told.ts';
import type { Due } from './told.ts';

/** One movement on an account, in whole roubles or points; below zero it is a debit. */
export interface Move {
  readonly account: 'deposit' | 'bonuses';
  readonly sum: number;
}

/** The restaurant's till. It keeps its own list of what guests must hear of; nobody asks the ledger. */
export interface Till {
  readonly due: readonly Due[];
  /** Operations whose guest must not hear of them: they had blocked the bot or said /stop. */
  readonly untold: number;
  /** A guest's visit, ending now: its movements are seconds apart. */
  visit(guest: Guest, moves: readonly Move[], told?: 'told' | 'untold'): void;
  /** What Tillypad already holds of a guest since the start date must be told as well; answers how many operations that is. */
  expectPast(guest: Guest): number;
}

/** Any number will do, as long as it is always the same. */
const SEED_OF_IDS = 2411;
const UNIT = 10_000;
const STEP_MS = 4_000;
const COLUMNS = 'cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_atop_ID, cpop_Date, cpop_Name, cpop_Sum';

export function openTill(database: DatabaseSync, clock: VirtualClock, site: SampleSite): Till {
  const random = makeRandom(SEED_OF_IDS, 1);
  const authorise = database.prepare(
    'insert into tp_AuthorizationOperations (atop_ID, atop_dvsn_ID, atop_Date, atop_Name) values (?, ?, ?, ?)',
  );
  const write = database.prepare(`insert into tp_ClientPurseOperations (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)`);
  const read = database.prepare(
    `select cpop_Date as date, cpop_Sum as sum, cpop_cpop_ID_Return as returnOf from tp_ClientPurseOperations
     where cpop_clnt_ID = ? and cpop_Date >= ?`,
  );
  const due: Due[] = [];
  let checks = 0;
  let untold = 0;
  const wall = (before: number): WallTime => wallAt(clock.now() - before, ZONE);
  return {
    due,
    get untold() {
      return untold;
    },
    visit: (guest, moves, told = 'told') => {
      checks += 1;
      const check = `Чек № Д-${checks}`;
      const authorization = random.guid();
      authorise.run(authorization, site.divisions[checks % 2] ?? null, wall(0), check);
      for (const [index, { account, sum }] of moves.entries()) {
        const date = wall((moves.length - 1 - index) * STEP_MS);
        write.run(random.guid(), guest.customerId, site.accountTypes[account], authorization, date, check, sum * UNIT);
        if (told === 'told') due.push({ chatId: guest.person.chatId, mark: markOf({ date, sum: BigInt(sum * UNIT), isReturn: false }) });
        else untold += 1;
      }
    },
    expectPast: (guest) => {
      const rows = read.all(guest.customerId, START_DATE);
      for (const { date, sum, returnOf } of rows) {
        due.push({
          chatId: guest.person.chatId,
          mark: markOf({ date: String(date), sum: BigInt(Number(sum)), isReturn: returnOf !== null }),
        });
      }
      return rows.length;
    },
  };
}
