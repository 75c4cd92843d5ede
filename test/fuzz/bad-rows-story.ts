import { EXIT } from '../../src/core/exit-code.ts';
import { DAY, HOUR, nextPoll, subscribe } from '../support/guests.ts';
import type { Guest } from '../support/guests.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { spoil, VICTIMS } from './bad-rows.ts';
import type { BadField, Keys } from './bad-rows.ts';
import { loosen } from './loose-tables.ts';
import { openWorldProgram } from './world-program.ts';

const GOOD = 2;
const DOCUMENTED: ReadonlySet<number> = new Set(Object.values(EXIT));

/** What was wrong, in sentences; nothing = all promises were kept. `codes`: how often each exit code came. */
export interface Told {
  readonly broken: readonly string[];
  readonly codes: Readonly<Record<string, number>>;
}

/**
 * Guests of whom some have rows that no view promises. With them nothing may stop, the others are told, every command answers; after the rows are
 * mended, the usual runs, `retry` and a backfill tell everybody.
 */
export async function tellBadRows(fields: readonly BadField[]): Promise<Told> {
  const world = await openWorld();
  try {
    return await play(world, fields);
  } finally {
    await world.close();
  }
}

async function play(world: World, fields: readonly BadField[]): Promise<Told> {
  const broken: string[] = [];
  const codes: Record<string, number> = {};
  const program = openWorldProgram(world, {
    settings: ['notice: { digestWait: 0s, templates: [{ text: { ru: "## {document} {amount} {customer} {group} {description}" } }] }'],
  });
  const say = async (...args: string[]): Promise<void> => {
    const { code, out, err } = await program.say(...args);
    codes[code] = (codes[code] ?? 0) + 1;
    if (code === EXIT.fault || !DOCUMENTED.has(code)) broken.push(`${args.join(' ')}: ended with ${code}: ${err.slice(0, 300)}`);
    if (args.includes('--json'))
      try {
        JSON.parse(out);
      } catch {
        broken.push(`${args.join(' ')}: no JSON`);
      }
  };
  const guests = await subscribe(world, VICTIMS + GOOD);
  const keys = guests.slice(0, VICTIMS).map((guest, at) => furnish(world, guest, at));
  for (const { customer } of guests.slice(VICTIMS)) world.operation(customer);
  const tables = loosen(world.database);
  for (const field of fields) {
    const own = keys[field.victim];
    if (own !== undefined) spoil(world.database, field, own);
  }
  for (const dry of [['run', '--dry-run', '--since', '2026-11-01'], ['preview']]) await say(...dry);
  await say('run', '--since-last');
  for (const [at, guest] of guests.slice(VICTIMS).entries())
    if (count(guest) === 0) broken.push(`guest ${at} with good rows was not told by the first run`);
  await nextPoll(world);
  await say('run', '--since-last', '--json');
  await answer(say, keys);
  tables.mend();
  await goOn(world, say);
  for (const [at, guest] of guests.entries())
    if (count(guest) === 0 && !isSettled(world, guest, keys[at]?.operation))
      broken.push(`guest ${at} was not told after all was mended: ${fate(world, guest)}`);
  return { broken, codes };
}

/** Each victim has rows of their own in every table that the views read. */
function furnish(world: World, { customer, person }: Guest, at: number): Keys {
  const { database } = world;
  const id = (kind: number): string => `dddddddd-000${kind}-4000-8000-00000000000${at}`;
  const keys = { customer, group: id(1), person: id(2), accountType: id(3), division: id(4), authorization: id(5) };
  const run = (sql: string, ...values: (string | null)[]): void => void database.prepare(sql).run(...values);
  run("insert into tp_ClientGroups (clgr_ID, clgr_Name) values (?, 'Свои')", keys.group);
  run("insert into tp_People (pepl_ID, pepl_PhoneCell) values (?, '+7 916 000-00-00')", keys.person);
  run('update tp_Clients set clnt_clgr_ID = ?, clnt_pepl_ID = ? where clnt_ID = ?', keys.group, keys.person, customer);
  run("insert into tp_ClientPhones (clph_ID, clph_clnt_ID, clph_Phone) values (?, ?, '8 916 000 00 00')", id(6), customer);
  run("insert into tp_ClientPurseTypes (cptp_ID, cptp_Name) values (?, 'Свой счёт')", keys.accountType);
  run("insert into tp_Divisions (dvsn_ID, dvsn_Name) values (?, 'Зал')", keys.division);
  run('insert into tp_AuthorizationOperations (atop_ID, atop_dvsn_ID) values (?, ?)', keys.authorization, keys.division);
  const operation = world.operation(customer, { accountType: keys.accountType, description: 'обед' });
  run('update tp_ClientPurseOperations set cpop_atop_ID = ? where cpop_ID = ?', keys.authorization, operation);
  void person;
  return { ...keys, operation };
}

type Say = (...args: string[]) => Promise<void>;

/** What an administrator asks when something is odd. */
async function answer(say: Say, keys: readonly Keys[]): Promise<void> {
  await say('status');
  await say('status', '--json');
  for (const { customer, operation } of keys) {
    await say('explain', customer);
    await say('explain', operation, '--language', 'en', '--json');
    await say('link', customer);
  }
  await say('explain', '+7 916 000-00-00');
  await say('resolve');
  await say('retry', '--json');
  await say('invitations');
}

/** The usual runs go on for a day, and a person puts back what had been refused. */
async function goOn(world: World, say: Say): Promise<void> {
  await world.clock.advance(2 * HOUR);
  await say('run', '--since-last');
  await say('retry', '--all', '--reason', 'mended');
  await nextPoll(world);
  await say('run', '--since-last');
  await world.clock.advance(DAY / 4);
  await say('run', '--since-last');
  // An operation that a bad row gave to somebody without a subscription was skipped for that reason; a backfill by hand revives it.
  await say('run', '--since', '2026-11-01', '--yes');
}

/** Each has one operation, and every notice holds this mark, whatever became of its fields. */
function count(guest: Guest): number {
  return guest.person.received.filter(({ text }) => text.includes('##')).length;
}

/** A cleared or contradicting note is people's word, and an operation that was given to another one was told to that one. */
function isSettled({ database }: World, { customer }: Guest, operation: string | undefined): boolean {
  const ended = "select 1 from subscription where customer_id = ? and state <> 'active'";
  const settled = "select 1 from delivery where operation_id = ? and (state = 'delivered' or reason = 'opted_out')";
  return database.prepare(ended).get(customer) !== undefined || database.prepare(settled).get(operation ?? '') !== undefined;
}

function fate({ database }: World, guest: Guest): string {
  return JSON.stringify(
    database.prepare('select state, reason, operation_date, task_id from delivery where customer_id = ?').all(guest.customer),
  );
}
