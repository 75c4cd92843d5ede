import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makePayload } from '../../src/core/start-payload.ts';
import { createSystemClock } from '../../src/host/clock.ts';
import { openKeyring } from '../../src/host/keyring.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { CONCURRENCY, startAndKill } from '../crash/killed.ts';
import type { Moment } from '../crash/killed.ts';
import { addressOf } from '../support/mssql-address.ts';
import { openTestDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { onServer } from '../support/mssql-suite.ts';
import { mssqlTillypad } from '../support/mssql-tillypad.ts';
import { spawnProgram } from '../support/processes.ts';
import type { Ended, Started } from '../support/processes.ts';

const BOT_ID = SIMULATED_BOT.token.split(':')[0] ?? '';
const TIMEOUT_S = 3;
/** A lease, the longest call, the grace, and a little more. */
const UNJUDGED_MS = (10 + TIMEOUT_S + 5 + 3) * 1000;
const NOTICES = 3;
/** The service did it, never read it, does it when the process is long dead; and the answer came just before. */
const MOMENTS: readonly Moment[] = [
  { method: 'sendMessage', number: 1, how: 'done', afterMs: 0 },
  { method: 'sendMessage', number: 2, how: 'unread', afterMs: 0 },
  { method: 'sendMessage', number: 3, how: 'late', afterMs: 0 },
  { method: 'sendMessage', number: 2, how: 'answered', afterMs: 15 },
  { method: 'sendMessage', number: 3, how: 'done', afterMs: 0 },
];
const OPERATIONS = MOMENTS.length * NOTICES;
/** Below a thousand, so that no separator stands in the text. */
const FIRST_SUM = 400;

await onServer('processes that are killed in the midst of their talk with Telegram', (server) => {
  describe('on a server', { timeout: 900_000 }, () => {
    let database: TestDatabase;
    let telegram: TelegramSimulator;
    let tillypad: ReturnType<typeof mssqlTillypad>;
    let wall = '';
    const customers: string[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-mssql-killed-'));
    const settings = join(folder, 'settings.yaml');
    const start = (): Started => spawnProgram(['run', '--since-last', '--json', '--settings', settings]);

    /** Notices on their way when nobody is at work any more, and those that were judged so. */
    const readDoubts = async (): Promise<number> => {
      const [row] = await database.run<{ n: number }>(
        "SELECT COUNT(*) AS n FROM tgn.attempt WHERE finished_utc IS NULL OR outcome = 'in_doubt'",
      );
      return row?.n ?? 0;
    };
    const operate = async (first: number): Promise<void> => {
      const [now] = await database.run<{ wall: string }>('SELECT CONVERT(varchar(23), GETDATE(), 121) AS wall');
      wall = now?.wall ?? '';
      const rows = customers
        .slice(first, first + NOTICES)
        .map((customer, index) => ({ customer, date: wall, sum: -BigInt(FIRST_SUM + first + index) * 10_000n }));
      await tillypad.addOperations(rows);
    };

    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'killed');
      await wipe(database);
      await runSite(database, 'tables');
      telegram = await startTelegramSimulator({ clock: createSystemClock(), latencyMs: 10 });
      tillypad = mssqlTillypad(database, () => wall);
      const text = JSON.stringify({
        database: addressOf(database.place),
        language: 'en',
        telegram: {
          token: SIMULATED_BOT.token,
          apiRoot: telegram.url,
          timeout: `${TIMEOUT_S}s`,
          repeatAfter: '1m',
          concurrency: CONCURRENCY,
        },
        notice: { balance: 'off', digestGap: '0s', digestWait: '0s' },
        filters: { startDate: 'off' },
        run: { linger: '0s' },
      });
      writeFileSync(settings, text, { mode: 0o600 });
      const installed = await spawnProgram(['install', '--settings', settings]).ended;
      if (installed.code !== 0) throw new Error(`install ended with ${installed.code}: ${installed.out}${installed.err}`);
      const keys = openKeyring(join(folder, 'tp-tg-notify.key.json'));
      for (let n = 0; n < OPERATIONS; n += 1) {
        const customer = (await tillypad.addCustomer({ name: `Гость ${n}` })).toLowerCase();
        telegram.person({ name: `Гость ${n}` }).start(makePayload(customer, { keys, botId: BOT_ID, epoch: 0 }));
        customers.push(customer);
      }
      const first = await start().ended;
      if (first.code !== 0) throw new Error(`the first run ended with ${first.code}: ${first.out}${first.err}`);
    }, 600_000);
    afterAll(async () => {
      await database.connection.close();
      await telegram.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('lose nothing, double nothing without a mark, and leave in doubt a batch at most', async () => {
      for (const [nth, moment] of MOMENTS.entries()) {
        await operate(nth * NOTICES);
        const before = await readDoubts();
        const { signal, code, err } = await startAndKill({ faults: telegram.faults, start }, moment);
        // Whoever is killed after an answer may be done by then.
        if (moment.how !== 'answered') expect([signal, code, err]).toEqual(['SIGKILL', null, '']);
        expect((await readDoubts()) - before, JSON.stringify(moment)).toBeLessThanOrEqual(CONCURRENCY);
      }
      const doubts = await readDoubts();
      expect(doubts).toBeGreaterThan(CONCURRENCY);

      const early = await start().ended;
      expect(early.summary?.opened).toBe('opened');
      await sleep(UNJUDGED_MS);
      const calm: Ended[] = [];
      for (let n = 0; n < 3; n += 1) {
        calm.push(await start().ended);
        await database.run("UPDATE tgn.delivery SET changed_utc = DATEADD(s, -61, changed_utc) WHERE state = 'in_doubt'");
      }
      expect(calm.map(({ code }) => code).at(-1)).toBe(0);
      for (const { code } of calm) expect([0, 4]).toContain(code);

      const told = customers.map((_customer, n) => {
        const copies = telegram.messages.filter(({ text }) => new RegExp(`Списано .*: ${FIRST_SUM + n}\\b`).test(text));
        const marked = copies.filter(({ text }) => /повтор/i.test(text)).length;
        return { plain: copies.length - marked, marked };
      });
      expect(told.filter(({ plain, marked }) => plain + marked === 0)).toEqual([]);
      expect(told.filter(({ plain, marked }) => plain > 1 || marked > 1)).toEqual([]);
      expect(told.reduce((sum, { marked }) => sum + marked, 0)).toBe(doubts);
      expect(await database.run('SELECT state, COUNT(*) AS n FROM tgn.delivery GROUP BY state')).toEqual([
        { state: 'delivered', n: OPERATIONS },
      ]);
    });
  });
});
