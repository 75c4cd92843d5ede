import * as fc from 'fast-check';

import { EXIT } from '../../src/core/exit-code.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { startP1smsSimulator } from '../../src/simulators/p1sms/simulator.ts';
import { startPushsmsSimulator } from '../../src/simulators/pushsms/simulator.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import { DAY, MINUTE, nextPoll, subscribe } from '../support/guests.ts';
import { openWorld } from '../support/world.ts';
import type { Told } from './bad-rows-story.ts';
import type { Meddling } from './meddling.ts';
import { openMiddleman } from './middleman.ts';
import { oddText } from './odd-texts.ts';
import { openWorldProgram } from './world-program.ts';

const DOCUMENTED: ReadonlySet<number> = new Set(Object.values(EXIT));
const GUESTS = 3;

interface Notes {
  readonly broken: string[];
  readonly codes: Record<string, number>;
}

/** Somebody under an odd name who types odd things to the bot, forged links among them. */
export interface Stranger {
  readonly name: string;
  readonly says: readonly string[];
}

const saying = fc.oneof(
  oddText(200).map((text) => `/start ${text}`),
  oddText(200),
  fc
    .string({ unit: fc.constantFrom(...'ABCdef0123456789-_'.split('')), minLength: 36, maxLength: 36 })
    .map((payload) => `/start ${payload}`),
  fc.constant(`/start ${'x'.repeat(1_000_000)}`),
);

export const strangers: fc.Arbitrary<readonly Stranger[]> = fc.array(
  fc.record({ name: oddText(100), says: fc.array(saying, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 3 },
);

/**
 * Telegram's answers are spoilt on their way; then they are good again. Nothing falls over, everybody is told, and nobody twice without the mark.
 * What Telegram itself may have said by a spoilt answer (that the guest is gone, that the text is bad) is believed, and so is no fault.
 */
export async function tellBadAnswers(meddlings: readonly (Meddling | null)[], people: readonly Stranger[] = []): Promise<Told> {
  const world = await openWorld();
  const middleman = await openMiddleman(() => world.telegram.url);
  const notes: Notes = { broken: [], codes: {} };
  try {
    const program = openWorldProgram(world, { telegramUrl: () => middleman.url, settings: ['notice: { digestWait: 0s }'] });
    const guests = await subscribe(world, GUESTS);
    const customers = guests.map(({ customer }) => customer);
    const before = guests.map(({ person }) => person.received.length);
    for (const customer of customers) world.operation(customer);
    const odd = people.map(({ name, says }) => {
      const person = world.telegram.person({ name });
      for (const text of says) person.say(text);
      return person;
    });
    middleman.plan(meddlings);
    for (const args of [['run', '--since-last'], ['bot'], ['run', '--since-last', '--json']]) {
      hold(notes, args, await program.say(...args));
      await nextPoll(world);
    }
    middleman.plan([]);
    for (const minutes of [16, 16, 61]) {
      await world.clock.advance(minutes * MINUTE);
      for (const [at, { says }] of people.entries()) for (const text of says) odd[at]?.say(text);
      hold(notes, ['run', 'afterwards'], await program.say('run', '--since-last'));
    }
    for (const [at, { person, customer }] of guests.entries()) {
      const told = person.received.slice(before[at]).filter(({ text }) => /Списано/.test(text));
      const marked = told.filter(({ text }) => /повтор/i.test(text)).length;
      if (told.length - marked > 1) notes.broken.push(`guest ${at} was told ${told.length - marked} times without the mark`);
      if (
        told.length === 0 &&
        !isRefused(world.database.prepare('select state from delivery where customer_id = ?').get(customer)?.['state'], middleman.spoilt)
      )
        notes.broken.push(
          `guest ${at} was never told: ${JSON.stringify(world.database.prepare('select state, reason from delivery where customer_id = ?').all(customer))}`,
        );
    }
    for (const [at, { received }] of odd.entries()) {
      if (received.some(({ text }) => /Списано/.test(text))) notes.broken.push(`stranger ${at} was told of an account`);
      if (people[at]?.says.some((text) => text.startsWith('/start ')) === true && received.length === 0)
        notes.broken.push(`stranger ${at} got no answer`);
    }
    return notes;
  } finally {
    await middleman.close();
    await world.close();
  }
}

/** By an answer in Telegram's own form. */
function isRefused(state: unknown, spoilt: readonly { readonly bytes: Buffer }[]): boolean {
  return (state === 'refused' || state === 'skipped') && spoilt.some(({ bytes }) => /"ok"\s*:\s*false/.test(bytes.toString('latin1')));
}

const SIMULATORS = { smsru: startSmsruSimulator, p1sms: startP1smsSimulator, pushsms: startPushsmsSimulator };

/** An operator's answers are spoilt on their way: nothing falls over, no number gets a second SMS, what was surely not sent is sent later. */
export async function inviteOverBadAnswers(operator: GatewayName, meddlings: readonly (Meddling | null)[]): Promise<Told> {
  const world = await openWorld();
  const simulator = await SIMULATORS[operator]({ clock: world.clock });
  const middleman = await openMiddleman(() => simulator.url);
  const notes: Notes = { broken: [], codes: {} };
  try {
    const key = operator === 'pushsms' ? `token: '${SIMULATED_KEY}'` : `apiKey: '${SIMULATED_KEY}'`;
    const program = openWorldProgram(world, {
      settings: [
        `sms: { operator: ${operator}, ${key}, sender: '${SIMULATED_SENDER}', apiRoot: '${middleman.url}${new URL(simulator.url).pathname.replace(/\/$/, '')}', price: 4.5 }`,
      ],
    });
    for (let at = 0; at < GUESTS; at += 1) world.operation(world.customer(`Гость ${at}`, `8 916 000-00-0${at}`));
    middleman.plan(meddlings);
    for (const args of [
      ['run', '--since-last'],
      ['sms', 'check'],
      ['run', '--dry-run', '--since', '2026-11-01'],
      ['run', '--since-last', '--json'],
    ]) {
      hold(notes, args, await program.say(...args));
      await nextPoll(world);
    }
    middleman.plan([]);
    for (let round = 0; round < 3; round += 1) {
      await world.clock.advance(61 * MINUTE);
      hold(notes, ['run', 'afterwards'], await program.say('run', '--since-last'));
    }
    await world.clock.advance(DAY);
    hold(notes, ['run', 'a day later'], await program.say('run', '--since-last'));
    const twice = new Set(simulator.accepted.map(({ number }) => number)).size < simulator.accepted.length;
    if (twice) notes.broken.push(`${operator} took a second SMS for one number`);
    if (meddlings.length === 0 && simulator.accepted.length < GUESTS)
      notes.broken.push(`only ${simulator.accepted.length} SMS with nobody in between`);
    const fates = world.invitations();
    if (fates.length !== GUESTS) notes.broken.push(`${fates.length} invitations for ${GUESTS} customers: ${fates.join(', ')}`);
    for (const fate of fates) if (fate.startsWith('sending')) notes.broken.push(`an invitation hangs: ${fate}`);
    return notes;
  } finally {
    await middleman.close();
    await simulator.stop();
    await world.close();
  }
}

function hold({ broken, codes }: Notes, args: readonly string[], { code, err }: { readonly code: number; readonly err: string }): void {
  codes[code] = (codes[code] ?? 0) + 1;
  if (code === EXIT.fault || !DOCUMENTED.has(code)) broken.push(`${args.join(' ')}: ended with ${code}: ${err.slice(0, 300)}`);
}
