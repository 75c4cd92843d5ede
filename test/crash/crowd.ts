import { hostname } from 'node:os';

import type { Ended, ProcessSite, Started, Told } from '../support/processes.ts';

export interface CrowdWish {
  /** Processes started at once. */
  readonly starts: number;
  /** Operations with their signals: one before each of the first starts, the others when all but the holder have left. */
  readonly early: number;
  readonly late: number;
}

export interface CrowdRound {
  readonly ends: readonly (Ended & { readonly pid: number })[];
  readonly told: readonly Told[];
  /** From the moment when nothing holds the sender up any more to the last guest's notice, milliseconds. */
  readonly longestMs: number;
}

/** All start at once on one database. The first notice is on the wire until all but one have left; half of the operations come meanwhile. */
export async function crowd(site: ProcessSite, { starts, early, late }: CrowdWish): Promise<CrowdRound> {
  const told: (() => Told)[] = [];
  const event = (): void => {
    told.push(site.operation());
    site.wake();
  };
  const left = new AbortController();
  const others: Started[] = [];
  site.telegram.faults.add({ kind: 'hold', until: left.signal, method: 'sendMessage' });
  for (let n = 0; n < starts; n += 1) {
    if (n < early) event();
    others.push(site.start());
  }
  const ends: (Ended & { readonly pid: number })[] = [];
  let running = starts;
  let freedAt = 0;
  for (const { ended, child } of others)
    void ended.then((end) => {
      ends.push({ ...end, pid: child.pid ?? 0 });
      running -= 1;
      if (running !== 1) return;
      for (let n = 0; n < late; n += 1) event();
      freedAt = Date.now();
      left.abort();
    });
  await Promise.all(others.map(({ ended }) => ended));
  // Nobody is the holder any more: whatever was left would wait for the next start.
  site.telegram.faults.clear();
  const counted = told.map((read) => read());
  return { ends, told: counted, longestMs: Math.max(0, ...counted.map(({ firstAt }) => (firstAt ?? Infinity) - freedAt)) };
}

/** What of the promises a round broke, each in a sentence. */
export function findBroken({ ends, told }: CrowdRound): string[] {
  const senders = ends.filter(({ summary }) => summary?.opened === 'opened' && summary.sent.delivered > 0).length;
  const odd = ends.filter(({ code, err }) => code !== 0 || err !== '');
  const holders = ends.filter(({ summary }) => summary?.opened === 'opened').map(({ pid }) => pid);
  const words = ends.flatMap(({ summary }) => (summary?.opened === 'busy' ? [holderIn(summary.findings)] : []));
  const nameless = words.filter((word) => word === null).length;
  const named = words.flatMap((word) => (word === null || word === 'nobody yet' ? [] : [word]));
  const wrong = named.filter(({ host, pid }) => host !== hostname() || !holders.includes(pid));
  const lost = told.filter(({ plain, marked }) => plain + marked === 0).length;
  const doubled = told.filter(({ plain, marked }) => plain > 1 || marked > 0).length;
  return [
    ...(senders === 1 ? [] : [`${senders} processes sent`]),
    ...odd.map(
      ({ code, err, summary }) =>
        `a process ended with ${code} ${err}${JSON.stringify([summary?.sent, summary?.pulled, summary?.findings])}`,
    ),
    ...(nameless > 0 ? [`${nameless} left without naming the holder`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} left naming another than the holder: ${JSON.stringify(wrong)}`] : []),
    // The holder works until all others have left: whoever comes after its first moment reads its row.
    ...(words.length > 0 && named.length === 0 ? ['all left without naming the holder'] : []),
    ...(lost > 0 ? [`${lost} wake-ups were lost`] : []),
    ...(doubled > 0 ? [`${doubled} guests were told twice or with a mark`] : []),
  ];
}

export interface NamedHolder {
  readonly host: string;
  readonly pid: number;
}

/** Who is said to be at work; nobody yet (`?` and 0): the holder had the lock and no row; null: nothing is said of it. */
export function holderIn(
  findings: readonly { readonly code: string; readonly args: Readonly<Record<string, unknown>> }[],
): NamedHolder | 'nobody yet' | null {
  const said = findings.find(({ code }) => code === 'open_busy');
  const { host, pid } = said?.args ?? {};
  if (typeof host !== 'string' || typeof pid !== 'number') return null;
  if (host === '?') return pid === 0 ? 'nobody yet' : null;
  return pid > 0 ? { host, pid } : null;
}
