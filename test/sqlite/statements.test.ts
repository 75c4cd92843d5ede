import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareStatements, readStatements } from '../../src/sqlite/statements.ts';
import { makeSqliteSite } from '../support/site.ts';

const FOLDER = new URL('../../sql/sqlite/procedures/', import.meta.url);
const CALLS = readdirSync(FOLDER).map((name) => name.replace(/\.sql$/u, ''));
const site = makeSqliteSite();
const find = prepareStatements(site);
for (const name of ['make_types', 'make_groups']) find('choose').run(name);
find('plan').run('make');
find('invitees').run('make');
afterAll(async () => site.close());

/** Tables that grow with the years: reading one of them from end to end would make an idle run pay for the past. */
const GROWING = /\bSCAN (?:d\b|delivery|attempt|a\b|v\b|invitation|run|wake|tp_ClientPurseOperations|refused_link)(?! EXISTS)/u;
/** What a person asks for now and then may take its time, and brings functions of its own. */
const BY_HAND = /^(?:desk|install|read_parameters)/u;
/** The newest run is the table's last row, read from its end. */
const FROM_THE_END = new Set(['open_run newest_run', 'open_run clock_set_back']);
/** What is done once, when the clock was set back. */
const ONCE = new Set(['open_run mend_runs']);

function plansOf(call: string): readonly (readonly [string, string])[] {
  return [...readStatements(call)]
    .filter(([name]) => !name.startsWith('part_') && !/^(?:notes|newest)$/u.test(name))
    .map(([name, text]) => {
      const steps = site.database.prepare(`explain query plan ${text}`).all();
      return [name, steps.map((step) => String(step['detail'])).join('\n')] as const;
    });
}

describe.each(CALLS)('%s.sql', (call) => {
  it('begins by saying what it does, its parameters and its locks', () => {
    const [header = ''] = readFileSync(new URL(`${call}.sql`, FOLDER), 'utf8').split('\n--! ');
    expect(header).toMatch(/^-- \S/u);
    expect(header.split('\n').filter((line) => line !== '' && !line.startsWith('--'))).toEqual([]);
    expect(header).toMatch(/parameter/iu);
    expect(header).toMatch(/lock|reads only/iu);
  });
});

describe.each(CALLS.filter((call) => !BY_HAND.test(call)))('%s.sql of a run', (call) => {
  it('fits the schema, and reads no growing table from end to end', () => {
    const dear = plansOf(call).filter(
      ([name, plan]) => GROWING.test(plan) && !FROM_THE_END.has(`${call} ${name}`) && !ONCE.has(`${call} ${name}`),
    );
    expect(dear).toEqual([]);
  });
});

describe('statements', () => {
  it('are found by call and name', () => {
    expect(find('check_schema').get('version')).toEqual({ version: 1 });
  });

  it.each([
    ['a call', 'no_such_call', 'x'],
    ['a statement', 'check_schema', 'no_such_statement'],
  ])('say which of them doesn’t exist: %s', (_what, call, name) => {
    expect(() => find(call).get(name)).toThrow(/no_such/u);
  });

  it('stand in one text for measure, preview and plan', () => {
    const shared = readStatements('candidate').get('candidate') ?? '';
    expect(shared).toContain('verdict');
    for (const [call, name] of [
      ['measure', 'measure'],
      ['preview', 'preview'],
      ['plan', 'gather'],
    ] as const) {
      expect(readStatements(call).get(name)).toContain(shared);
    }
  });

  it('refuse a parameter that the statement doesn’t have', () => {
    expect(() => prepareStatements({ database: new DatabaseSync(':memory:') })('check_schema').get('tillypad', { typo: 1 })).toThrow(
      /typo/u,
    );
  });
});
