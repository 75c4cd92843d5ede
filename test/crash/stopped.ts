import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Ended, ProcessSite } from '../support/processes.ts';
import { holderIn } from './crowd.ts';

const PRELOAD = fileURLToPath(new URL('../support/stop-at-connect.ts', import.meta.url));
/** Above the lease of 10 s. */
const PAST_LEASE_MS = 11_000;
const NOTICES = 6;

/** Each answers with what was not as promised, in sentences. The site has enough guests that are known already. */
export type Trial = (site: ProcessSite) => Promise<readonly string[]>;

/**
 * A holder that is stopped between its claim and the first byte of a call, and wakes up past its lease. Others come meanwhile. It begins none of
 * the calls it had claimed before the database has confirmed lock and claim again.
 */
export const stoppedPastLease: Trial = async (site) => {
  const told = Array.from({ length: NOTICES }, () => site.operation());
  const before = site.telegram.messages.length;
  // The first connection asked for updates and is used again: the second one carries a notice of the first batch.
  const holder = site.start({ preload: PRELOAD, env: { STOP_AT_CONNECT: '2', STOP_AT_PORT: String(site.telegram.port) } });
  const pid = holder.child.pid ?? 0;
  if (!(await isStopped(pid))) return [`the holder never came to its stop: ${JSON.stringify(await holder.ended)}`];
  // What was written before the stop is served by now.
  await sleep(1_000);
  const sentBefore = site.telegram.messages.length - before;
  const others = await Promise.all([0, 1, 2].map(() => site.start().ended));
  await sleep(PAST_LEASE_MS);
  const sentMeanwhile = site.telegram.messages.length - before - sentBefore;
  const resumedAt = Date.now();
  holder.child.kill('SIGCONT');
  const firstCall = waitForCall(site, resumedAt);
  const end = await holder.ended;
  const heartbeat = await firstCall;
  const copies = told.map((read) => read());
  return [
    ...leftInOrder(others, pid),
    ...(sentMeanwhile > 0 ? [`${sentMeanwhile} notices went while the holder was stopped`] : []),
    ...(notBegun(site) > 0 ? [] : ['no call was given back when the holder woke up']),
    ...(heartbeat >= resumedAt ? [] : ['a call began before the database had been asked again']),
    ...(end.code === 0 ? [] : [`the holder ended with ${end.code} ${end.err}`]),
    ...copies.flatMap(({ plain, marked }, n) =>
      plain === 1 && marked === 0 ? [] : [`guest ${n} was told ${plain} times, ${marked} marked`],
    ),
  ];
};

/** A holder whose call hangs: others leave in order and name it; it ends by its own timeout, and what it called is told once more with the mark. */
export const hangingHolder: Trial = async (site) => {
  const read = site.operation();
  let reached = (): void => {};
  const hangs = new Promise<void>((resolve) => (reached = resolve));
  site.telegram.faults.add({
    kind: 'hang',
    method: 'sendMessage',
    when: () => {
      reached();
      return true;
    },
  });
  const holder = site.start();
  await hangs;
  const others = await Promise.all([0, 1, 2].map(() => site.start().ended));
  const left = leftInOrder(others, holder.child.pid ?? 0);
  const end = await holder.ended;
  const held = read();
  site.telegram.faults.clear();
  site.database.exec("update delivery set changed_utc = changed_utc - 61000 where state = 'in_doubt'");
  const next = await site.start().ended;
  const after = read();
  return [
    ...left,
    ...(end.code === 4 && held.plain + held.marked === 0
      ? []
      : [`the holder ended with ${end.code}, its guest was told ${held.plain} times`]),
    ...(next.code === 0 && after.plain === 0 && after.marked === 1
      ? []
      : [`the next run ended with ${next.code}; the guest was told ${after.plain} times and ${after.marked} times with the mark`]),
  ];
};

/** The operation is committed so long after its event: the run that the event started lingers for it. The site lingers for longer than this. */
export function lateCommit(afterMs: number): Trial {
  return async (site) => {
    site.wake();
    const started = site.start();
    await sleep(afterMs);
    const running = started.child.exitCode === null;
    const read = site.operation();
    const { code } = await started.ended;
    const { plain, marked } = read();
    return [
      ...(running ? [] : ['the run had not lingered until then']),
      ...(code === 0 && plain === 1 && marked === 0 ? [] : [`exit ${code}; told ${plain} times, ${marked} marked`]),
    ];
  };
}

function leftInOrder(others: readonly Ended[], pid: number): string[] {
  return others.flatMap(({ code, summary }) => {
    const word = summary === null ? null : holderIn(summary.findings);
    const named = word !== null && word !== 'nobody yet' && word.host === hostname() && word.pid === pid;
    return code === 0 && summary?.opened === 'busy' && named ? [] : [`another left with ${code}, ${JSON.stringify(summary?.findings)}`];
  });
}

/** `T` in its /proc line; false when it ended instead. */
async function isStopped(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 1_500; turn += 1) {
    try {
      if (/\) T /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    } catch {
      return false;
    }
    await sleep(10);
  }
  return false;
}

/** The database's last word to the holder in the moment when its first message after the waking came. */
async function waitForCall(site: ProcessSite, since: number): Promise<number> {
  for (;;) {
    const message = site.telegram.messages.find(({ at }) => at >= since);
    if (message !== undefined) return Number(site.database.prepare('select max(heartbeat_utc) as at from run').get()?.['at'] ?? 0);
    await sleep(1);
  }
}

function notBegun(site: ProcessSite): number {
  return Number(site.database.prepare("select count(*) as n from attempt where outcome = 'retry' and code = 'not_begun'").get()?.['n']);
}
