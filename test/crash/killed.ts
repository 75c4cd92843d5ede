import { makeRandom } from '../../scripts/sample/random.ts';
import type { Faults } from '../../src/simulators/faults.ts';
import type { Invited } from '../support/process-invitees.ts';
import type { Ended, ProcessSite, Started, Told } from '../support/processes.ts';

/**
 * done: the service did what was asked, and its answer finds nobody · unread: it never did · late: it does so when the process is long dead ·
 * answered: the process has the answer and dies `afterMs` later, somewhere in writing it down.
 */
const HOWS = ['done', 'unread', 'late', 'answered'] as const;

/** Where in its talk with a service a process is killed; `number` counts the calls of the method from the process's start. */
export interface Moment {
  readonly method: 'getUpdates' | 'sendMessage' | '/sms/send';
  readonly number: number;
  readonly how: (typeof HOWS)[number];
  readonly afterMs: number;
}

/** Seeds that one site plays: as many as it has sums for. */
export const SEEDS_OF_SITE = 20;
/** Notices on the wire at once: a batch of two and one of one. */
export const CONCURRENCY = 2;
const NOTICES = 3;
const INVITEES = 2;
const FIRST_GUESTS = 48;
const LATENCY_MS = 10;

export interface KilledSeeds {
  /** Killed processes, and those that lived though they were meant to die elsewhere than after their last answer. */
  readonly killed: number;
  readonly survived: readonly string[];
  /** The calm runs afterwards, as exit code and standard error. */
  readonly calm: readonly string[];
  readonly states: Readonly<Record<string, number>>;
  readonly told: readonly Told[];
  readonly invited: readonly Invited[];
  /** What each death left nobody knows of: notices and SMS. */
  readonly doubts: readonly Doubts[];
}

interface Doubts {
  readonly notices: number;
  readonly sms: number;
}

/** What the seeds are played on. */
export const KILLED_SITE = { invites: true, concurrency: CONCURRENCY } as const;

/** Seeds `from`… on a fresh site, one after another, each with real SIGKILL; then three runs that nobody kills. */
export async function killSeeds(
  site: ProcessSite,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<KilledSeeds> {
  const told: (() => Told)[] = [];
  const invited: (() => Invited)[] = [];
  const doubts: Doubts[] = [];
  const survived: string[] = [];
  let killed = 0;
  for (let nth = 0; nth < count; nth += 1) {
    const moment = momentOf(nth, from + nth);
    if (moment.method === 'getUpdates') {
      site.arrive(nth === 0 ? FIRST_GUESTS : NOTICES + 1);
      site.passPollTime();
    }
    for (let n = 0; nth > 0 && n < NOTICES; n += 1) told.push(site.operation());
    if (moment.method === '/sms/send') for (let n = 0; n < INVITEES; n += 1) invited.push(inviteesOf(site).invitee());
    const before = readDoubts(site);
    const { signal, code } = await killOnSite(site, moment);
    const after = readDoubts(site);
    doubts.push({ notices: after.notices - before.notices, sms: after.sms - before.sms });
    if (signal === 'SIGKILL') killed += 1;
    // Whoever is killed after the last answer may be done by then; all others die where they were meant to.
    else if (moment.how !== 'answered') survived.push(`seed ${from + nth}, ${JSON.stringify(moment)}: ${code}`);
  }
  const calm: Ended[] = [];
  for (let n = 0; n < 3; n += 1) {
    calm.push(await site.start().ended);
    passRepeatTime(site);
  }
  return {
    killed,
    survived,
    calm: calm.map(({ code, err }) => `${code} ${err}`),
    states: site.states(),
    told: told.map((read) => read()),
    invited: invited.map((read) => read()),
    doubts,
  };
}

/** What of the promises the seeds broke, each in a sentence. */
export function findBroken({ survived, calm, states, told, invited, doubts }: KilledSeeds): string[] {
  const most = { notices: Math.max(0, ...doubts.map(({ notices }) => notices)), sms: Math.max(0, ...doubts.map(({ sms }) => sms)) };
  const lost = told.filter(({ plain, marked }) => plain + marked === 0).length;
  const doubled = told.filter(({ plain, marked }) => plain > 1 || marked > 1).length;
  return [
    ...survived,
    ...(lost > 0 ? [`${lost} operations are lost`] : []),
    ...(doubled > 0 ? [`${doubled} operations were doubled silently`] : []),
    ...(most.notices > CONCURRENCY ? [`a death left ${most.notices} notices in doubt, and ${CONCURRENCY} are a batch`] : []),
    ...(most.sms > 1 ? [`a death left ${most.sms} SMS in doubt, and they go one by one`] : []),
    ...invited.flatMap(({ taken, fate }) =>
      (taken === 1 && (fate === 'accepted' || fate === 'in_doubt(orphan)')) || (taken === 0 && fate === 'in_doubt(orphan)')
        ? []
        : [`${taken} SMS to one number, which the ledger calls ${fate}`],
    ),
    ...calm.filter((end) => !/^[04] /.test(end)).map((end) => `a calm run ended with ${end}`),
    ...(calm.at(-1)?.startsWith('0 ') === true ? [] : ['the last calm run did not end with 0']),
    ...(states['delivered'] === told.length && Object.keys(states).length === 1 ? [] : [`left at the end: ${JSON.stringify(states)}`]),
  ];
}

/** The page of the first guests, the greetings, and then what the seeds say; on every sixth a guest has just pressed Start, on every sixth somebody is invited. */
function momentOf(nth: number, seed: number): Moment {
  const random = makeRandom(seed, 0);
  const how = random.pick(HOWS);
  const afterMs = LATENCY_MS + random.below(20);
  if (nth === 0) return { method: 'getUpdates', number: 1, how: 'done', afterMs };
  if (nth === 1) return { method: 'sendMessage', number: 20, how: 'done', afterMs };
  if (nth % 6 === 5) return { method: 'getUpdates', number: 1, how, afterMs };
  if (nth % 6 === 2) return { method: '/sms/send', number: random.between(1, INVITEES), how, afterMs };
  return { method: 'sendMessage', number: random.between(1, NOTICES), how, afterMs };
}

async function killOnSite(site: ProcessSite, moment: Moment): Promise<Ended> {
  const { faults } = moment.method === '/sms/send' ? inviteesOf(site).operator : site.telegram;
  return startAndKill({ faults, start: () => site.start() }, moment);
}

/** A process that is killed at the moment, by the service that it talks to then. */
export async function startAndKill(
  { faults, start }: { readonly faults: Faults; readonly start: () => Started },
  moment: Moment,
): Promise<Ended> {
  let running: Started | null = null;
  killAt(faults, moment, () => {
    if (running === null) throw new Error('a call of nobody');
    return running;
  });
  running = start();
  const ended = await running.ended;
  faults.clear();
  return ended;
}

/** By the simulator, which is asked before it does anything. */
function killAt(faults: Faults, { method, number, how, afterMs }: Moment, started: () => Started): void {
  const kill = (): void => void started().child.kill('SIGKILL');
  const fault = {
    done: { kind: 'closeAfterProcessing' },
    unread: { kind: 'closeBeforeProcessing' },
    late: { kind: 'delay', ms: 60 },
    answered: { kind: 'delay', ms: 0 },
  } as const;
  let calls = 0;
  faults.add({
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

function inviteesOf({ sms }: ProcessSite): NonNullable<ProcessSite['sms']> {
  if (sms === null) throw new Error('a site that invites nobody');
  return sms;
}

/** By the ledger: what is on its way when nobody is at work any more, and what was judged so. */
function readDoubts({ database }: ProcessSite): Doubts {
  const count = (from: string): number => Number(database.prepare(`select count(*) as n from ${from}`).get()?.['n']);
  return {
    notices: count("attempt where finished_utc is null or outcome = 'in_doubt'"),
    sms: count("invitation where state in ('sending', 'in_doubt')"),
  };
}

/** Lets the minute before a repeat pass in the ledger, so that nobody has to. */
function passRepeatTime(site: ProcessSite): void {
  site.database.exec("update delivery set changed_utc = changed_utc - 61000 where state = 'in_doubt'");
}
