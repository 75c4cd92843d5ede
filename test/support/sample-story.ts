import { randomUUID } from 'node:crypto';
import { makePayload } from '../../src/core/start-payload.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { run } from '../../src/run/run.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import { startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { BOT, DAY, HOUR, MINUTE } from '../contract/fixtures.ts';
import type { NewCustomer, Site } from '../contract/engine.ts';
import { fakeOperator } from './fake-gateway.ts';
import { makeKeys } from './link-keys.ts';
import { taskSettings } from './task-settings.ts';

/** Where a site keeps a guest's phone. */
export type Generation = 'child' | 'xml' | 'profile';

/** What a site came to, in words that no engine and no site decides. */
export interface Story {
  /** The bot's lines to each guest, oldest first. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly sms: readonly string[];
  /** Operation by its name here: state, or state(reason). */
  readonly deliveries: Readonly<Record<string, string>>;
  readonly invitations: readonly string[];
  /** What the guest's notes say at the end. */
  readonly notes: Readonly<Record<string, readonly (string | number | null)[]>>;
  readonly subscriptions: readonly string[];
  /** Exit codes of the runs. */
  readonly codes: readonly number[];
}

const GUESTS = ['Анна', 'Борис', 'Вера', 'Глеб', 'Дина', 'Егор', 'Зоя', 'Илья'] as const;
type Guest = (typeof GUESTS)[number];
const KEYS = { ...makeKeys([1]), fingerprint: 'fingerprint' };
const silent = (): void => {};
// The letters of hexadecimal are what a collation may take for one another.
const customerId = (guest: Guest): string => `c0000000-abcd-4ef0-8000-00000000000${(GUESTS.indexOf(guest) + 8).toString(16)}`;
const operationId = (name: string): string => `0f000000-abcd-4ef0-8000-0000${Buffer.from(name.padStart(4, '0')).toString('hex')}`;
const nameOf = (id: string): string => Buffer.from(id.slice(-8), 'hex').toString().replace(/^0+/u, '');

function phone(generation: Generation, number: string): Pick<NewCustomer, 'phones' | 'phonesXml' | 'profilePhone'> {
  if (generation === 'child') return { phones: [number] };
  return generation === 'xml' ? { phonesXml: `<Phones><Phone>${number}</Phone></Phones>` } : { profilePhone: number };
}

/** A clock that the site follows: each call of the ledger finds the site's own where the run's is. */
function following(ledger: Ledger, site: Site, clock: VirtualClock): Ledger {
  const calls = Object.entries(ledger as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>);
  return Object.fromEntries(
    calls.map(([name, call]) => [
      name,
      async (...values: unknown[]) => {
        site.pass(clock.now() - site.now());
        return clock.busy(call(...values));
      },
    ]),
  ) as unknown as Ledger;
}

/**
 * The same days on any site: guests of chosen and other groups and account types, of whom some subscribe by link, by note or after an SMS, some
 * are disabled or in the recycle bin; operations with and without a place, returned, back-dated, of other account types. Three runs with
 * --since-last: at noon, half an hour later, and the night after next.
 */
export async function tellStory(site: Site, generation: Generation): Promise<Story> {
  const clock = createVirtualClock(site.now());
  const telegram = await startTelegramSimulator({ clock, latencyMs: 40 });
  const operator = fakeOperator();
  const codes: number[] = [];
  const deposit = await site.addAccountType({ name: 'Депозит' });
  const bonus = await site.addAccountType({ name: 'Бонусы' });
  const hidden = await site.addAccountType({ name: 'Служебный' });
  const guests = await site.addGroup({ name: 'Гости' });
  const regulars = await site.addGroup({ name: 'Постоянные', parent: guests });
  const staff = await site.addGroup({ name: 'Сотрудники' });
  const hall = await site.addDivision('Зал «Ёлка»');
  const noteType = await site.addNoteType('chat_ID в Telegram');
  const people = Object.fromEntries(GUESTS.map((name) => [name, telegram.person({ name })])) as Record<
    Guest,
    ReturnType<typeof telegram.person>
  >;
  const add = async (guest: Guest, rest: NewCustomer): Promise<unknown> =>
    site.addCustomer({ id: customerId(guest), name: guest, group: guests, ...rest });
  await add('Анна', { group: regulars, ...phone(generation, '+7 (999) 000-00-01') });
  await add('Борис', {});
  await add('Вера', phone(generation, '8 999 000 00 03'));
  await add('Глеб', { group: regulars });
  await add('Дина', { group: staff, ...phone(generation, '+79990000005') });
  await add('Егор', { disabled: true });
  await add('Зоя', { deleted: true });
  await add('Илья', {});

  const link = (guest: Guest): string => makePayload(customerId(guest), { keys: KEYS, botId: BOT, epoch: 0 });
  const operation = async (guest: Guest, name: string, what: { readonly ago: number; readonly sum?: number } & Moved): Promise<unknown> => {
    site.pass(clock.now() - site.now());
    const { ago, sum = -450, accountType = deposit, ...rest } = what;
    return site.addOperations([
      {
        id: operationId(name),
        customer: customerId(guest),
        date: site.wall(-ago),
        sum: BigInt(Math.round(sum * 10_000)),
        accountType,
        ...rest,
      },
    ]);
  };
  const runOnce = async (): Promise<void> => {
    const task = taskSettings({
      apiRoot: telegram.url,
      accountTypes: [deposit, bonus],
      customerGroups: [guests],
      sms: { operator: 'smsru', price: '5.0000' },
    });
    const ledger = following(await site.openLedger(), site, clock);
    const channel = trackChannel(createTelegramChannel({ settings: task.telegram, clock }), clock);
    try {
      const summary = await run(
        {
          ledger,
          channel,
          openGateway: operator.open,
          clock,
          journal: { tell: silent, warn: silent, fail: silent },
          keys: KEYS,
          memory: { recall: () => null, remember: silent, forget: silent },
          progress: silent,
          newId: randomUUID,
          host: 'till',
          pid: 1,
          signal: new AbortController().signal,
        },
        { ...SINCE_LAST, botId: BOT, tasks: [task], asked: [task.id] },
      );
      codes.push(summary.exitCode);
    } finally {
      channel.close();
      await ledger.close();
    }
  };

  try {
    for (const guest of ['Анна', 'Дина', 'Егор', 'Зоя', 'Илья'] as const) people[guest].start(link(guest));
    people['Борис'].becomeKnown();
    await site.addNote({ type: noteType, customer: customerId('Борис'), value: people['Борис'].chatId });
    await operation('Анна', 'a1', {
      ago: 2 * HOUR,
      sum: -450.5,
      document: '№ 12/А',
      division: hall,
    });
    await operation('Анна', 'a2', { ago: 2 * HOUR - 20_000, sum: 45.25, accountType: bonus });
    await operation('Анна', 'a3', { ago: 2 * HOUR, accountType: hidden });
    await operation('Анна', 'a4', { ago: HOUR, sum: 450.5, returnOf: operationId('a1') });
    await operation('Анна', 'a5', { ago: 40 * DAY });
    await operation('Борис', 'b1', { ago: 5 * HOUR, sum: -1_200, description: 'Ужин <на двоих> & «Пенка»' });
    await operation('Вера', 'v1', { ago: HOUR, sum: 300 });
    await operation('Вера', 'v2', { ago: HOUR / 2, sum: -100 });
    await operation('Глеб', 'g1', { ago: HOUR });
    await operation('Дина', 'd1', { ago: HOUR });
    await operation('Егор', 'e1', { ago: HOUR });
    await operation('Зоя', 'z1', { ago: HOUR });
    await operation('Илья', 'i1', { ago: HOUR, sum: 0.01 });
    await runOnce();

    await clock.advance(30 * MINUTE);
    people['Вера'].start(link('Вера'));
    people['Илья'].say('/stop');
    await operation('Вера', 'v3', { ago: MINUTE, sum: -99.9999 });
    await operation('Илья', 'i2', { ago: MINUTE });
    await operation('Анна', 'a6', { ago: 3 * DAY, sum: 10 });
    await operation('Анна', 'a7', { ago: 10 * DAY });
    await site.changeOperation(operationId('a3'), { description: 'исправлено' });
    await runOnce();

    await clock.advance(38 * HOUR + 50 * MINUTE);
    await operation('Борис', 'b2', { ago: 6 * HOUR, sum: 1_000_000.5 });
    await runOnce();

    const [deliveries, invitations, subscriptions] = [await site.deliveries(), await site.invitations(), await site.subscriptions()];
    const notes: [string, Awaited<ReturnType<Site['notesOf']>>][] = [];
    for (const guest of GUESTS) notes.push([guest, await site.notesOf(customerId(guest))]);
    const guestOf = (id: string): string => GUESTS.find((guest) => customerId(guest) === id) ?? id;
    return {
      lines: Object.fromEntries(GUESTS.map((guest) => [guest, people[guest].received.map(({ html }) => html)])),
      sms: operator.sent.map(({ number, text }) => `${number} ${text}`),
      deliveries: Object.fromEntries(
        deliveries.map(({ operationId: id, state, reason }) => [nameOf(id), reason === null ? state : `${state}(${reason})`]),
      ),
      invitations: invitations.map(
        ({ customerId: id, operationId: of, state, reason, number, segments }) =>
          `${guestOf(id)} ${nameOf(of)} ${state} ${reason ?? ''} ${number ?? ''} ${segments ?? ''}`,
      ),
      notes: Object.fromEntries(notes),
      subscriptions: subscriptions.map(
        ({ customerId: id, chatId, state, origin, epoch }) => `${guestOf(id)} ${chatId} ${state} ${origin} ${epoch}`,
      ),
      codes,
    };
  } finally {
    await telegram.stop();
  }
}

interface Moved {
  readonly accountType?: string;
  readonly document?: string;
  readonly description?: string;
  readonly division?: string;
  readonly returnOf?: string;
}

const SINCE_LAST = {
  kind: 'since_last',
  since: null,
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
} as const;
