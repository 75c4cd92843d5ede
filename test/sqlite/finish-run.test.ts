import { describe, expect, it } from 'vitest';

import { openConnection } from '../../src/sqlite/connection.ts';
import { finishRun } from '../../src/sqlite/finish-run.ts';
import { openRun } from '../../src/sqlite/open-run.ts';
import { readServerClock } from '../../src/sqlite/server-clock.ts';
import type { RunSession } from '../../src/sqlite/session.ts';
import { prepareStatements } from '../../src/sqlite/statements.ts';
import { BOT, runner, TASK } from '../contract/desk-acts.ts';
import { makeSqliteSite } from '../support/site.ts';

describe('the end of a run', () => {
  it.each(['before', 'after'] as const)(
    'hears the word of one who was turned away in its very last moment (the lock is let go of %s)',
    async (side) => {
      const site = makeSqliteSite();
      const connection = openConnection({ file: site.file });
      const session: RunSession = {
        connection,
        find: prepareStatements(connection),
        readClock: readServerClock(site.clock, site.zone),
        chunkRows: 10,
        run: null,
      };
      const opened = openRun(session, runner(), [TASK]);
      if (opened.answer !== 'opened' || session.run === null) throw new Error(opened.answer);
      const { lock } = session.run;
      // Whoever leaves a word now finds the lock taken or free; in neither case may the word wait for the schedule.
      const leave = (): unknown => site.leaveWord(BOT, { kind: 'run', taskId: TASK });
      session.run = {
        ...session.run,
        lock: {
          isHeld: lock.isHeld,
          release: () => {
            if (side === 'after') void leave();
            lock.release();
            if (side === 'before') void leave();
          },
        },
      };
      expect(finishRun(session, { exitCode: 0, summary: '{}' }, opened.wakeNo)).toEqual({ again: true });
      connection.close();
      await site.close();
    },
  );
});
