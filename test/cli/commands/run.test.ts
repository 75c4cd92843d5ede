import { describe, expect, it } from 'vitest';

import { run } from '../../../src/cli/commands/run.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../../src/ports/database.ts';
import { fakeDoors } from '../../support/fake-doors.ts';

/** What the journal is told when a run meets this at the ledger. */
async function journalAfter(error: Error): Promise<readonly string[]> {
  const { doors, ...call } = fakeDoors().call();
  const told: string[] = [];
  const tell =
    (level: string) =>
    (event: string, fields?: Readonly<Record<string, unknown>>): void =>
      void told.push(`${level} ${event} ${JSON.stringify(fields)}`);
  const failing = {
    ...doors,
    openLedger: async () => {
      throw error;
    },
    openJournal: () => ({ tell: tell('info'), warn: tell('warn'), fail: tell('error'), close: async () => {} }),
  };
  await expect(run({ ...call, doors: failing })).rejects.toBe(error);
  return told;
}

describe('run', () => {
  it.each([
    ['a missing ledger', new SchemaMismatch(null, 1), 'SchemaMismatch', 'schema_missing'],
    ['a newer ledger', new SchemaMismatch(2, 1), 'SchemaMismatch', 'schema_newer'],
    ['a locked database', new DatabaseUnavailable('locked', 'locked'), 'DatabaseUnavailable', 'database_locked'],
  ])('leaves %s to its own sentence: the journal has it as a warning', async (_what, error, name, code) => {
    expect(await journalAfter(error)).toEqual([`warn run_failed {"error":"${name}","code":"${code}"}`]);
  });

  it('makes a fault of the program an error in the journal', async () => {
    expect(await journalAfter(new TypeError('x is undefined'))).toEqual(['error run_failed {"error":"TypeError","code":"fault"}']);
  });
});
