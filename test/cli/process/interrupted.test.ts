import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openProcessSite } from '../../support/processes.ts';
import type { ProcessSite, Started, Told } from '../../support/processes.ts';

/** More than are on the wire at once. */
const OPERATIONS = 8;
const GUESTS = 5 * OPERATIONS;

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite({ guests: GUESTS });
});
afterAll(() => site.close());

/** Operations wait, and the first notice is on the wire until the answer's `release`; `begun` resolves when it is there. */
function holdFirstNotice(): { readonly told: readonly (() => Told)[]; readonly begun: Promise<void>; release(): void } {
  const told = Array.from({ length: OPERATIONS }, () => site.operation());
  const held = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const when = (): boolean => {
    resolve();
    return true;
  };
  site.telegram.faults.add({ kind: 'hold', until: held.signal, method: 'sendMessage', when });
  return {
    told,
    begun: promise,
    release: () => {
      held.abort();
    },
  };
}

async function expectFinished(told: readonly (() => Told)[]): Promise<void> {
  expect((await site.start().ended).code).toBe(0);
  expect(told.map((count) => count())).toMatchObject(told.map(() => ({ plain: 1, marked: 0 })));
}

describe('a run', { timeout: 60_000 }, () => {
  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 'en', 'Interrupted; what was on its way is recorded'],
    ['SIGTERM', 'ru', 'Прервано; то, что было в пути, записано'],
  ] as const)(
    'ends in order at %s: what is on the wire is recorded, the rest is told by the next run',
    async (signal, language, sentence) => {
      const { told, begun, release } = holdFirstNotice();
      const running = site.call(['run', '--since-last', '--language', language]);
      await begun;
      running.child.kill(signal);
      release();
      const ended = await running.ended;
      expect(ended).toMatchObject({ code: 130, signal: null, err: '' });
      expect(ended.out).toContain(sentence);
      const before = told.filter((count) => count().plain > 0).length;
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(OPERATIONS);
      await expectFinished(told);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'is ended at once by a second Ctrl-C; what was on the wire is then told once more, marked',
    async () => {
      const { told, begun, release } = holdFirstNotice();
      const running = site.start();
      await begun;
      running.child.kill('SIGINT');
      // The first one is heard before the second is sent: two of a kind in one moment are one to the system.
      while (running.child.signalCode === null && running.child.exitCode === null && running.child.kill('SIGINT'))
        await new Promise((resolve) => void setImmediate(resolve));
      expect(await running.ended).toMatchObject({ signal: 'SIGINT' });
      release();
      const codes: (number | null)[] = [];
      for (let n = 0; n < 2; n += 1) {
        codes.push((await site.start().ended).code);
        site.database.exec("update delivery set changed_utc = changed_utc - 61000 where state = 'in_doubt'");
      }
      codes.push((await site.start().ended).code);
      expect(codes).toEqual([4, 0, 0]);
      const counts = told.map((count) => count());
      expect(counts.filter(({ plain, marked }) => plain > 1 || marked > 1 || plain + marked === 0)).toEqual([]);
      expect(counts.some(({ marked }) => marked === 1)).toBe(true);
    },
  );

  it.each(['stdout', 'stderr'] as const)('goes on when the reader of its %s is gone', async (pipe) => {
    const { told, begun, release } = holdFirstNotice();
    const running: Started = site.call(['run', '--since-last']);
    const stream = running.child[pipe];
    const closed = stream === null ? null : once(stream, 'close');
    stream?.destroy();
    await closed;
    await begun;
    release();
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    expect(told.map((count) => count())).toMatchObject(told.map(() => ({ plain: 1, marked: 0 })));
    expect(site.states()).not.toHaveProperty('sending');
  });
});
