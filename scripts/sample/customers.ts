import { wallToMs } from '../../src/core/wall-time.ts';
import type { Directories, GroupName } from './directories.ts';
import { makePhones, makePhonesOf, type Phones } from './phones.ts';
import type { Random } from './random.ts';
import type { Tables } from './tables.ts';
import { DAY, toWallTime } from './wall-time.ts';
import { MEN, PATRONYMICS, SURNAMES, WOMEN } from './words.ts';

/** A customer as the visits need it. */
export interface SampleCustomer {
  readonly id: string;
  readonly name: string;
  readonly staff: boolean;
  /** Bonuses in a hundred of a check. */
  readonly percent: number;
}

/** Everything that Tillypad holds of one customer. */
export interface CustomerRows {
  readonly id: string;
  readonly name: string;
  readonly groupId: string;
  readonly deleted: boolean;
  readonly disabled: boolean;
  readonly phones: Phones;
  readonly profile: Profile | null;
}

export interface Profile {
  readonly first: string;
  readonly surname: string;
  readonly patronymic: string;
  readonly deleted: boolean;
}

/** The first column is the share in a hundred. */
const GROUPS: readonly (readonly [share: number, group: GroupName, percent: number])[] = [
  [44, 'silver', 3],
  [20, 'regular', 2],
  [17, 'gold', 5],
  [4, 'platinum', 10],
  [7, 'office', 3],
  [3, 'friends', 7],
  [3, 'hall', 0],
  [2, 'kitchen', 0],
];

/** Regulars come first: live, in an ordinary group, with a profile and one good phone, so that they suit an example. */
export const REGULARS = 5;

export function fillCustomers(
  tables: Tables,
  random: Random,
  request: { readonly count: number; readonly directories: Directories },
): readonly SampleCustomer[] {
  return Array.from({ length: request.count }, (_, index) => {
    const regular = index < REGULARS;
    const [, group, percent] = regular ? (GROUPS[0] as (typeof GROUPS)[number]) : chooseGroup(random);
    const person = makePerson(random);
    const rows: CustomerRows = {
      id: random.guid(),
      name: writeName(person, random),
      groupId: request.directories.groups[group],
      deleted: !regular && random.chance(0.01),
      disabled: !regular && random.chance(0.01),
      phones: regular ? makePhonesOf((['rows', 'xml', 'cell'] as const)[index % 3] ?? 'rows', random) : makePhones(random),
      profile: regular || random.chance(0.93) ? person : null,
    };
    writeCustomer(tables, random, rows);
    return { id: rows.id, name: rows.name, staff: percent === 0, percent };
  });
}

export function writeCustomer(tables: Tables, random: Random, rows: CustomerRows): void {
  const { profile, phones } = rows;
  const profileId = profile === null ? null : random.guid();
  if (profile !== null) {
    const birthday = toWallTime(wallToMs('1950-01-01 00:00:00.000') + random.below(55 * 365) * DAY);
    const email = random.chance(0.3) ? `guest${random.below(100_000)}@example.com` : null;
    const removed = profile.deleted ? random.guid() : null;
    tables.tp_People.add([profileId, removed, profile.first, profile.surname, profile.patronymic, birthday, phones.cell, email]);
  }
  const removed = rows.deleted ? random.guid() : null;
  tables.tp_Clients.add([rows.id, rows.groupId, profileId, removed, rows.name, null, rows.disabled ? 1 : 0, phones.xml]);
  for (const phone of phones.rows) tables.tp_ClientPhones.add([random.guid(), rows.id, phone]);
}

export function makePerson(random: Random): Profile {
  const woman = random.chance(0.55);
  return {
    first: random.pick(woman ? WOMEN : MEN),
    surname: random.pick(SURNAMES) + (woman ? 'а' : ''),
    patronymic: random.pick(PATRONYMICS) + (woman ? 'на' : 'ич'),
    deleted: false,
  };
}

/** Staff at the till write a customer's name as they like. */
function writeName(person: Profile, random: Random): string {
  const whole = `${person.surname} ${person.first} ${person.patronymic}`;
  return random.pick([
    whole,
    whole,
    whole,
    whole,
    `${person.first} ${person.surname}`,
    `${person.first}, карта ${random.between(1000, 9999)}`,
  ]);
}

function chooseGroup(random: Random): (typeof GROUPS)[number] {
  let left = random.below(100);
  return GROUPS.find(([share]) => (left -= share) < 0) ?? (GROUPS[0] as (typeof GROUPS)[number]);
}
