import { describe, expect, it } from 'vitest';
import { renderFailure } from '../../src/cli/render/failure.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openRun } from '../../src/sql-server/open-run.ts';
import type { RunSession } from '../../src/sql-server/session.ts';
import { runner, TASK } from '../contract/fixtures.ts';

/** A session on a server that answers open_run with this row. */
function answering(row: Readonly<Record<string, unknown>>): RunSession {
  const connection: Pick<Connection, 'callProcedure'> = { callProcedure: async (name) => (name === 'open_run' ? [[row]] : []) };
  return { connection: connection as Connection, chunkRows: 100, run: null };
}

const failure = async (session: RunSession): Promise<unknown> =>
  openRun(session, runner(), [TASK]).then(
    () => null,
    (error: unknown) => error,
  );

describe('a run on a database that can only be read', () => {
  it.each([
    ['not_primary', 0, 'Это не основной сервер', 'not the primary one'],
    ['read_only', 3, 'только для чтения', 'can only be read'],
    ['upgrading', 3, 'устанавливается или обновляется', 'installed or upgraded'],
  ] as const)('told as %s ends with %d', async (answer, exit, ru, en) => {
    const session = answering({ answer });
    const error = await failure(session);
    expect(error).toMatchObject({ name: 'DatabaseUnavailable', code: answer });
    expect(session.run).toBeNull();
    expect(renderFailure(error, 'ru')).toMatchObject({ code: exit, text: expect.stringContaining(ru) });
    expect(renderFailure(error, 'en')).toMatchObject({ code: exit, text: expect.stringContaining(en) });
  });
});
