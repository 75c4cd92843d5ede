import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Language } from '../../src/core/glossary.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { makeSampleSite } from '../sample/site.ts';
import type { SampleSite } from '../sample/site.ts';
import { castGuests, castInvited, castStranger } from './cast.ts';
import type { Guests, InvitedGuests } from './cast.ts';
import { openProgram } from './program.ts';
import type { Program } from './program.ts';
import { DAY_CAP, SAMPLE, START, writeSettings, ZONE } from './restaurant.ts';
import { createTeller } from './teller.ts';
import type { Teller } from './teller.ts';
import { openTill } from './till.ts';
import type { Till } from './till.ts';

/** A restaurant, Telegram, their guests and the real program, in one process on one virtual clock. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  readonly database: DatabaseSync;
  readonly site: SampleSite;
  readonly guests: Guests;
  /** Not subscribed, with a phone each. */
  readonly invited: InvitedGuests;
  /** SMS.RU, simulated; nobody is asked for an SMS before `startInviting`. */
  readonly operator: SmsSimulator;
  /** No customer of the restaurant. */
  readonly stranger: Person;
  /** Everybody with a phone. */
  readonly people: readonly Person[];
  readonly till: Till;
  readonly teller: Teller;
  readonly program: Program;
  /** The administrator writes the operator into the settings file. */
  startInviting(): void;
  /** Virtual milliseconds pass. Throws when the play was interrupted. */
  pass(ms: number): Promise<void>;
  /** Leaves nothing behind: no socket, no file. */
  close(): Promise<void>;
}

export interface StageRequest {
  readonly language: Language;
  readonly write: (line: string) => void;
  /** Width of the terminal. */
  readonly columns: number;
  /** Aborted by Ctrl-C: runs end in order, then the play does. */
  readonly signal: AbortSignal;
}

const LATENCY_MS = 40;

export async function openStage({ language, write, columns, signal }: StageRequest): Promise<Stage> {
  const clock = createVirtualClock(START);
  const telegram = await startTelegramSimulator({ clock, latencyMs: LATENCY_MS });
  const operator = await startSmsruSimulator({ clock, latencyMs: LATENCY_MS });
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-demo-'));
  const opened: { database?: DatabaseSync } = {};
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // Also where a fault ends the process before `close` is reached.
  process.once('exit', removeFolder);
  const close = async (): Promise<void> => {
    opened.database?.close();
    await telegram.stop();
    await operator.stop();
    removeFolder();
    process.off('exit', removeFolder);
  };
  try {
    const file = join(folder, 'site.sqlite');
    const { customers, operations, days, seed } = SAMPLE;
    const site = makeSampleSite({ file, customers, operations, seed, now: wallAt(START, ZONE), settings: { days, odd: false } });
    const database = (opened.database = new DatabaseSync(file));
    const guests = castGuests({ database, telegram, site }, language);
    const settingsFile = join(folder, 'settings.yaml');
    writeSettings(settingsFile, { apiRoot: telegram.url, site, language });
    const invited = castInvited({ database, telegram, site }, language);
    const stranger = castStranger(telegram, language);
    const people = [...Object.values({ ...guests, ...invited }).map((guest) => guest.person), stranger];
    const teller = createTeller(clock, language, { write, columns });
    return {
      clock,
      telegram,
      database,
      site,
      guests,
      invited,
      operator,
      people,
      stranger,
      till: openTill(database, clock, site),
      teller,
      program: openProgram({ clock, telegram, operator, teller, people, settingsFile, signal }),
      startInviting: () =>
        writeSettings(settingsFile, { apiRoot: telegram.url, site, language, sms: { apiRoot: operator.url, dayCap: DAY_CAP[language] } }),
      pass: async (ms) => {
        signal.throwIfAborted();
        await clock.advance(ms);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
