import { afterEach, describe, expect, it } from 'vitest';

import { makeRandom } from '../../scripts/sample/random.ts';
import { openProcessSite } from '../support/processes.ts';
import type { Ended, ProcessSite, Started, Told } from '../support/processes.ts';

let site: ProcessSite;
afterEach(() => site.close());

/**
 * done: Telegram did what was asked, and its answer finds nobody · unread: it never did · late: it does so when the process is long dead ·
 * answered: the process has the answer and dies `afterMs` later, somewhere in writing it down.
 */
const HOWS = ['done', 'unread', 'late', 'answered'] as const;

/** Where in its talk with Telegram a process is killed; `number` counts the calls of the method from the process's start. */
interface Moment {
  readonly method: 'getUpdates' | 'sendMessage';
  readonly number: number;
  readonly how: (typeof HOWS)[number];
  readonly afterMs: number;
}

const SEEDS = 20;
const NOTICES = 3;
const FIRST_GUESTS = 48;
const LATENCY_MS = 10;

/** The page of the first guests, the greetings, and then what the seeds say; on every sixth a guest has just pressed Start. */
function momentOf(seed: number): Moment {
  const random = makeRandom(seed, 0);
  const how = random.pick(HOWS);
  const afterMs = LATENCY_MS + random.below(20);
  if (seed === 0) return { method: 'getUpdates', number: 1, how: 'done', afterMs };
  if (seed === 1) return { method: 'sendMessage', number: 20, how: 'done', afterMs };
  if (isArrival(seed)) return { method: 'getUpdates', number: 1, how, afterMs };
  return { method: 'sendMessage', number: random.between(1, NOTICES), how, afterMs };
}

function isArrival(seed: number): boolean {
  return seed % 6 === 5;
}

/** By the simulator, which is asked before it does anything. */
function killAt({ method, number, how, afterMs }: Moment, started: () => Started): void {
  const kill = (): void => void started().child.kill('SIGKILL');
  const fault = {
    done: { kind: 'closeAfterProcessing' },
    unread: { kind: 'closeBeforeProcessing' },
    late: { kind: 'delay', ms: 60 },
    answered: { kind: 'delay', ms: 0 },
  } as const;
  let calls = 0;
  site.telegram.faults.add({
    ...fault[how],
    method,
    skip: number - 1,
    when: () => {
      calls += 1;
      if (calls !== number) return true;
      if (how === 'answered') setTimeout(kill, afterMs);
      else kill();
      return true;
    },
  });
}

async function startAndKill(moment: Moment): Promise<Ended> {
  let running: Started | null = null;
  killAt(moment, () => {
    if (running === null) throw new Error('a call of nobody');
    return running;
  });
  running = site.start();
  const ended = await running.ended;
  site.telegram.faults.clear();
  return ended;
}

/** Lets the minute before a repeat pass in the ledger, so that no test has to. */
function passRepeatTime(): void {
  site.database.exec("update delivery set changed_utc = changed_utc - 61000 where state = 'in_doubt'");
}

function expectTold(counts: readonly Told[]): void {
  expect(counts.filter(({ plain, marked }) => plain + marked === 0)).toEqual([]);
  expect(counts.filter(({ plain, marked }) => plain > 1 || marked > 1)).toEqual([]);
}

describe('processes killed at twenty moments', () => {
  it('lose nothing and double nothing without a mark, by Telegram’s own record', { timeout: 120_000 }, async () => {
    site = await openProcessSite();
    const told: (() => Told)[] = [];
    const survived: string[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const moment = momentOf(seed);
      if (moment.method === 'getUpdates') {
        site.arrive(seed === 0 ? FIRST_GUESTS : NOTICES + 1);
        site.passPollTime();
      }
      for (let n = 0; seed > 0 && n < NOTICES; n += 1) told.push(site.operation());
      const { signal, code } = await startAndKill(moment);
      if (signal !== 'SIGKILL') survived.push(`seed ${seed}, ${JSON.stringify(moment)}: ${code}`);
    }
    const calm: Ended[] = [];
    for (let n = 0; n < 3; n += 1) {
      calm.push(await site.start().ended);
      passRepeatTime();
    }
    // Whoever is killed after the last answer may be done by then; all others die where they were meant to.
    expect(survived.filter((one) => !one.includes('answered'))).toEqual([]);
    expect(calm.map(({ code, err }) => `${code} ${err}`).filter((end) => !/^[04] /.test(end))).toEqual([]);
    expect(calm.at(-1)?.code).toBe(0);
    expect(site.states()).toEqual({ delivered: told.length });
    const counts = told.map((count) => count());
    expectTold(counts);
    // Some died with a notice on its way, so that the mark was put to the proof.
    expect(counts.some(({ plain, marked }) => plain === 1 && marked === 1)).toBe(true);
  });
});

describe('20 processes started at once', () => {
  it('one works, nobody loses a wake-up, nobody sends doubled, the others leave with 0', { timeout: 120_000 }, async () => {
    const STARTS = 20;
    site = await openProcessSite({ linger: '1s', guests: 2 * STARTS });
    const told: (() => Told)[] = [];
    const event = (): void => {
      told.push(site.operation());
      site.wake();
    };
    // The first notice is on the wire until the others have left; half of the operations come while it is.
    const left = new AbortController();
    const others: Started[] = [];
    site.telegram.faults.add({ kind: 'hold', until: left.signal, method: 'sendMessage' });
    for (let n = 0; n < STARTS; n += 1) {
      event();
      others.push(site.start());
    }
    const ends: Ended[] = [];
    let running = STARTS;
    for (const { ended } of others)
      void ended.then((end) => {
        ends.push(end);
        running -= 1;
        if (running > 1) return;
        for (let n = 0; running === 1 && n < STARTS; n += 1) event();
        left.abort();
      });
    await Promise.all(others.map(({ ended }) => ended));
    expect(ends.map(({ code, err }) => ({ code, err }))).toEqual(ends.map(() => ({ code: 0, err: '' })));
    expect(ends.filter(({ summary }) => summary?.opened === 'opened')).toHaveLength(1);
    expect(ends.filter(({ summary }) => summary?.opened === 'busy')).toHaveLength(STARTS - 1);
    expect(site.states()).toEqual({ delivered: told.length });
    expect(told.map((count) => count())).toEqual(told.map(() => ({ plain: 1, marked: 0 })));
  });
});
