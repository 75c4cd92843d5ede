import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/host/clock.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import { createKeyring } from '../../src/host/keyring.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { runHere } from '../support/in-process.ts';
import { addressOf } from '../support/mssql-address.ts';
import { openTestDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { onServer } from '../support/mssql-suite.ts';
import { mssqlTillypad } from '../support/mssql-tillypad.ts';
import { taskScripts, substitute, TASK_ID } from '../support/task-script.ts';
import type { Substitution } from '../support/task-script.ts';

const BIN = fileURLToPath(new URL('../../bin/tp-tg-notify.js', import.meta.url));
const AGENT = fileURLToPath(new URL('../support/agent-stand-in.ts', import.meta.url));
const BOT_ID = SIMULATED_BOT.token.split(':')[0] ?? '';
const ADD_LINE = `CREATE PROCEDURE dbo.tpsrv_AddTaskLogError @task_id uniqueidentifier, @kind int, @line nvarchar(2047), @flag int AS
  INSERT INTO dbo.tp_test_task_log (line) VALUES (@line)`;

await onServer('Tillypad’s task, the Agent and the program', (server) => {
  describe('on a server', { timeout: 400_000 }, () => {
    let database: TestDatabase;
    let telegram: TelegramSimulator;
    let agent: ChildProcess;
    let lines: AsyncIterator<string>;
    const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-mssql-agent-'));
    const settings = join(folder, 'settings.yaml');
    const next = async (): Promise<string> => String((await lines.next()).value);

    /** Tillypad's server runs the task in a transaction of its own. */
    const fire = async (token: string, from: string): Promise<readonly string[]> => {
      const style: Substitution = {
        name: '',
        before: '',
        prelude: '',
        replace: (name) => ({ TaskID: `'${TASK_ID}'`, BotToken: `N'${token}'`, StartDate: `'${from}'` })[name] ?? 'NULL',
      };
      await database.run('DELETE FROM dbo.tp_test_task_log');
      await database.run('BEGIN TRANSACTION');
      await database.run(substitute(taskScripts().unfiltered, style));
      await database.run('COMMIT TRANSACTION');
      return (await database.run<{ line: string }>('SELECT line FROM dbo.tp_test_task_log ORDER BY no')).map(({ line }) => line);
    };

    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'agent');
      await wipe(database);
      await runSite(database, 'tables');
      await database.run('CREATE TABLE dbo.tp_test_task_log (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, line nvarchar(2047) NOT NULL)');
      await database.run(ADD_LINE);
      telegram = await startTelegramSimulator({ clock: createSystemClock() });
      const address = addressOf(database.place);
      const text = JSON.stringify({
        database: address,
        telegram: { apiRoot: telegram.url },
        notice: { digestWait: '0s' },
        run: { linger: '0s' },
      });
      writeFileSync(settings, text, { mode: 0o600 });
      const installed = await runHere(['install', '--settings', settings]);
      if (installed.code !== 0) throw new Error(installed.err);
      await database.run(`EXEC tgn_admin.set_start_way 'agent'`);
      agent = spawn(process.execPath, [AGENT, BIN, 'run', '--since-last', '--settings', settings], {
        env: { PATH: process.env['PATH'], TP_TEST_AGENT_DATABASE: address },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      lines = createInterface({ input: agent.stdout! })[Symbol.asyncIterator]();
      await next();
    }, 400_000);
    afterAll(async () => {
      agent.stdin?.end();
      if (agent.exitCode === null) await once(agent, 'exit');
      await database.connection.close();
      await telegram.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('go the whole way: parameters saved, a word left, the program started, the guest told; then what is wrong stands in the log', async () => {
      const [{ wall, day } = { wall: '', day: '' }] = await database.run<{ wall: string; day: string }>(
        'SELECT CONVERT(varchar(23), GETDATE(), 121) AS wall, CONVERT(varchar(8), GETDATE(), 112) AS day',
      );
      const tillypad = mssqlTillypad(database, () => wall);
      const customer = await tillypad.addCustomer({ name: 'Анна' });
      const keys = createKeyring(join(folder, 'tp-tg-notify.key.json')).keyring;
      const guest = telegram.person({ name: 'Анна' });
      guest.start(makePayload(customer.toLowerCase(), { keys, botId: BOT_ID, epoch: 0 }));
      await tillypad.addOperations([{ customer, date: wall, sum: 4_210_000n }]);

      expect(await fire(SIMULATED_BOT.token, day)).toEqual([]);
      expect(await next()).toBe('0');
      expect(guest.received.map(({ text }) => text)).toContainEqual(expect.stringContaining('421'));
      expect(await database.run('SELECT wake_no FROM tgn.wake WHERE served_utc IS NULL')).toEqual([]);

      await fire('mistyped', day);
      expect(await next()).toBe('2');
      expect(await fire('mistyped', day)).toEqual([expect.stringContaining('BotToken')]);
      expect(await next()).toBe('2');
      expect(await fire('mistyped', day)).toEqual([]);
      expect(await next()).toBe('2');
    });
  });
});
