import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';

import { openJournal } from '../../src/host/journal.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { MINUTE, nextPoll } from '../support/guests.ts';
import { openWorld } from '../support/world.ts';
import { openWorldProgram } from './world-program.ts';

interface BookedGuest {
  readonly name: string;
  readonly phone: string;
  /** start: opens the link · block: and leaves · none: is invited · bad: staff wrote nonsense into the note */
  readonly does: 'start' | 'block' | 'none' | 'bad';
}

const letters = fc.string({ unit: fc.constantFrom(...'йцукенгшщзхфывапролджэячсмитьбю'.split('')), minLength: 5, maxLength: 10 });

/** Guests with names of two words, which no other text holds, and mobile numbers. */
export const guestBooks: fc.Arbitrary<readonly BookedGuest[]> = fc.array(
  fc.record({
    name: fc.tuple(letters, letters).map(([first, last]) => `Щ${first} Ъ${last}`),
    phone: fc.integer({ min: 1_000_000, max: 9_999_999 }).map((digits) => `8 (916) ${digits}`),
    does: fc.constantFrom('start' as const, 'block' as const, 'none' as const, 'bad' as const),
  }),
  { minLength: 4, maxLength: 8 },
);

/** A restaurant's day, with the log as the program writes it; what of guests or secrets stands in it. */
export async function findNamed(guests: readonly BookedGuest[]): Promise<readonly string[]> {
  const world = await openWorld();
  const operator = await startSmsruSimulator({ clock: world.clock });
  const folder = join(world.folder, 'log');
  const aloud: string[] = [];
  try {
    const program = openWorldProgram(world, {
      settings: [
        `sms: { operator: smsru, apiKey: '${SIMULATED_KEY}', sender: '${SIMULATED_SENDER}', apiRoot: '${operator.url}', price: 4.5 }`,
        'notice: { digestWait: 0s }',
        'language: en',
      ],
      journal: () => openJournal({ folder, level: 'debug', maxSize: 10_000_000, keep: 2 }, 'run', (text) => void aloud.push(text)),
    });
    const known = guests.map((guest) => ({ ...guest, customer: world.customer(guest.name, guest.phone) }));
    const said = async (...args: string[]): Promise<void> => void aloud.push((await program.say(...args)).err);
    const people = known.map(({ does, customer, name }) => (does === 'start' || does === 'block' ? world.guest(customer, name) : null));
    await said('run', '--since-last');
    await nextPoll(world);
    for (const { customer } of known) world.operation(customer);
    for (const [at, { does }] of known.entries()) if (does === 'block') people[at]?.block();
    for (const { customer, does, phone } of known)
      if (does === 'bad')
        world.database
          .prepare(
            'insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Value) select hex(randomblob(8)), nttp_ID, ?, ?, ? from tp_NoteTypes',
          )
          .run(customer, customer, phone);
    operator.faults.add({ kind: 'itemMissing' });
    world.telegram.faults.add({ kind: 'halfAnswer', method: 'sendMessage' });
    for (const args of [['run', '--since-last'], ['run', '--since-last', '--json'], ['sms', 'check'], ['status']]) {
      await said(...args);
      await world.clock.advance(16 * MINUTE);
    }
    await said('run', '--since', '2026-11-01');
    const log = [...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')), ...aloud].join('\n');
    const links = [
      ...operator.accepted.flatMap(({ text }) => /start=([\w-]+)/.exec(text)?.[1] ?? []),
      ...known.map(({ customer }) => world.link(customer)),
    ];
    const secrets = [SIMULATED_BOT.token.split(':')[1] ?? '', SIMULATED_KEY, ...links];
    const personal = known.flatMap(({ name, phone }) => [...name.split(' '), phone, phone.replaceAll(/\D/g, '').slice(1)]);
    return [
      ...(log.includes('"event"') || log.includes('run_') || log.includes('"message"') ? [] : ['the log is empty']),
      ...[...secrets, ...personal].filter((secret) => log.includes(secret)).map((secret) => `in the log: ${secret}`),
    ];
  } finally {
    await operator.stop();
    await world.close();
  }
}
