import { describe, expect, it } from 'vitest';
import { TASK_MESSAGES } from '../../src/cli/render/task-message.ts';
import { readSqlFile, sqlFiles } from './files.ts';

/** What every procedure of ours begins with, so that it is the deadlock's victim, waits for nobody long, and ends its transaction at any error. */
const HEADER = [
  'SET NOCOUNT ON;',
  'SET XACT_ABORT ON;',
  'SET DEADLOCK_PRIORITY LOW;',
  'SET LOCK_TIMEOUT 2000;',
  'SET TRANSACTION ISOLATION LEVEL READ COMMITTED;',
];

const procedures = sqlFiles('procedures');
const tasks = sqlFiles('task');
const bodies = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:CREATE|ALTER) PROCEDURE [\s\S]*?^AS\nBEGIN\n([\s\S]*?)^END;$/gmu)].map(([, body = '']) => body);

describe('procedures of the run', () => {
  it.each(procedures.map((file) => [file.name, file] as const))(
    '%s says in its header what it takes, gives and locks',
    (_name, { text }) => {
      const [header = ''] = /^(?:--[^\n]*\n)+/u.exec(text) ?? [];
      const prose = header.replaceAll(/^-- ?/gmu, '').replaceAll('\n', ' ');
      expect(prose).toMatch(/parameters?/iu);
      expect(prose).toMatch(/\bresults?\b|\banswers?\b|\bsets?\b|\bfills?\b|\binto\b|\boutput\b/iu);
      expect(prose).toMatch(/\block/iu);
    },
  );

  it.each(procedures.map((file) => [file.name, file] as const))('%s begins as every procedure must', (_name, { text }) => {
    const found = bodies(text);
    expect(found.length).toBeGreaterThan(0);
    for (const body of found) {
      const lines = body.split('\n').map((line) => line.trim());
      expect(lines.slice(0, HEADER.length)).toEqual(HEADER);
    }
  });

  it('those that are made in the form of the site begin so too', () => {
    const made = sqlFiles('tillypad').flatMap(({ text }) => [
      ...text.matchAll(/^CREATE PROCEDURE (tgn\.\w+)\n[\s\S]*?^AS\nBEGIN\n([\s\S]*?)^END;/gmu),
    ]);
    expect(made.map(([, name]) => name)).toEqual(['tgn.write_note', 'tgn.add_note', 'tgn.add_note_type']);
    for (const [, name, body = ''] of made)
      expect([
        name,
        body
          .split('\n')
          .map((line) => line.trim())
          .slice(0, HEADER.length),
      ]).toEqual([name, HEADER]);
  });

  it.each(procedures.map((file) => [file.name, file] as const))(
    '%s builds no SQL at run time, which would end the chain of owners',
    (_name, { bare }) => {
      expect(bare).not.toMatch(/\bEXEC(?:UTE)?\s*\(|sp_executesql/iu);
    },
  );

  it('name no table of Tillypad’s: views and two generated procedures do', () => {
    for (const { name, bare } of procedures) expect([name, bare.match(/\btp_[A-Z]\w*/gu)]).toEqual([name, null]);
  });

  it('skip locked rows only where absence means later', () => {
    // Operations not yet planned, parameters and words: the next look sees them.
    const skipping = procedures.filter(({ bare }) => /\bREADPAST\b/iu.test(bare));
    for (const { name, bare } of skipping)
      for (const [, table = ''] of bare.matchAll(/tgn\.(\w+)(?: \w+)? WITH \([^)]*READPAST/giu))
        expect([name, ['operation', 'task_parameters', 'wake'].includes(table)]).toEqual([name, true]);
  });

  it('skip rows and not pages, with locks that versions of rows don’t replace', () => {
    const found = [...procedures, ...tasks].flatMap(({ name, bare }) =>
      [...bare.matchAll(/\(([^()]*READPAST[^()]*)\)/giu)].map(([, hint]) => [name, hint]),
    );
    expect(found.length).toBeGreaterThan(10);
    for (const [name, hint] of found) expect([name, hint]).toEqual([name, 'READCOMMITTEDLOCK, READPAST, ROWLOCK']);
  });

  it('read without locks only what decides to look again or what is merely shown', () => {
    for (const { name, bare } of procedures)
      for (const [, table = ''] of bare.matchAll(/tgn\.(\w+)(?: \w+)? WITH \([^)]*NOLOCK/giu))
        expect([name, table, ['wake', 'run'].includes(table)]).toEqual([name, table, true]);
    for (const { name, bare } of tasks)
      for (const [, table = ''] of bare.matchAll(/tgn\.(\w+)(?: \w+)? WITH \([^)]*NOLOCK/giu))
        expect([name, table]).toEqual(['task/wake.sql', 'task']);
  });

  it('called by a task, read as the program does, whatever level its transaction has', () => {
    for (const { name, bare } of tasks)
      for (const body of bodies(bare)) {
        const lines = body
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '');
        expect([name, lines.slice(0, 5)]).toEqual([
          name,
          [
            'SET NOCOUNT ON;',
            'SET XACT_ABORT OFF;',
            'SET LOCK_TIMEOUT 1000;',
            'BEGIN TRY',
            'SET TRANSACTION ISOLATION LEVEL READ COMMITTED;',
          ],
        ]);
      }
  });

  it('ask for the open deliveries with literals, as a filtered index demands', () => {
    for (const { name, code } of procedures)
      expect([name, /\bstate\s*(?:=|IN \()\s*@/iu.test(code.replaceAll(/SET[^;]*?\bstate = @/giu, ''))]).toEqual([name, false]);
  });
});

/** What each procedure makes for itself, and whom it calls. */
function anatomy(): ReadonlyMap<string, { readonly made: readonly string[]; readonly called: readonly string[] }> {
  const found = new Map<string, { made: string[]; called: string[] }>();
  for (const { bare } of [...procedures, ...tasks])
    for (const [, name = '', body = ''] of bare.matchAll(/^(?:CREATE|ALTER) PROCEDURE (\S+)([\s\S]*?)^END;$/gmu))
      found.set(name, {
        made: [...body.matchAll(/(?:CREATE TABLE|INTO) (#\w+)(?: \(|\n\s*FROM)/gu)]
          .filter(([whole]) => !whole.startsWith('INTO') || whole.endsWith('FROM'))
          .map(([, table = '']) => table),
        called: [...body.matchAll(/EXEC (tgn\w*\.\w+)/gu)].map(([, callee = '']) => callee),
      });
  return found;
}

describe('temporary tables and transactions', () => {
  it('no procedure makes a temporary table whose name its caller has: which of the two is meant would be anybody’s guess', () => {
    const parts = anatomy();
    expect(parts.size).toBeGreaterThan(80);
    const walk = (name: string, outer: readonly string[]): readonly string[] => {
      const own = parts.get(name);
      if (own === undefined) return [];
      const twice = own.made.filter((table) => outer.includes(table)).map((table) => `${name} ${table}`);
      return [...twice, ...own.called.flatMap((callee) => walk(callee, [...outer, ...own.made]))];
    };
    expect([...parts.keys()].flatMap((name) => walk(name, []))).toEqual([]);
    for (const [name, { made }] of parts) expect([name, made.length]).toEqual([name, new Set(made).size]);
  });

  it('no row leaves the server while a row of Tillypad’s is being read: whoever reads slowly would keep it locked', () => {
    const streaming = procedures.flatMap(({ name, bare }) =>
      bare
        .split(';')
        .map((statement) => statement.trim().replace(/^(?:BEGIN|ELSE|IF (?:(?!INSERT)[^\n])*)\s+(?=SELECT)/u, ''))
        .filter((statement) => /^SELECT (?!(?:TOP \(1\) )?@\w+ = )/u.test(statement) && !/\bINTO #\w+/u.test(statement))
        .filter((statement) => /\btgn\.(?:operation|customer|customer_\w+|account_type|division|balance|note|note_type)\b/u.test(statement))
        // A count is complete before it leaves.
        .filter((statement) => !/^SELECT COUNT\(\*\) AS \w+\s+FROM/u.test(statement))
        .map((statement) => `${name}: ${statement.slice(0, 60)}`),
    );
    expect(streaming).toEqual([]);
  });

  it('whatever writes subscriptions, or claims, makes it last where the database delays its log', () => {
    const writes = /(?:INSERT INTO|UPDATE|UPDATE s SET[^;]*FROM) tgn\.subscription\b/iu;
    // record.sql is called within advance's transaction.
    const writers = procedures.filter(
      ({ name, bare }) => (writes.test(bare) && bare.includes('COMMIT TRANSACTION;')) || /\/advance(?:_invitations)?\.sql$/u.test(name),
    );
    expect(writers.map(({ name }) => name)).toEqual([
      'procedures/advance.sql',
      'procedures/advance_invitations.sql',
      'procedures/save_notes.sql',
      'procedures/save_updates.sql',
    ]);
    for (const { name, bare } of writers)
      expect([name, bare.lastIndexOf('EXEC tgn.flush_log;') > bare.lastIndexOf('COMMIT TRANSACTION;')]).toEqual([name, true]);
  });

  it('no way out of a procedure leaves a transaction open', () => {
    for (const { name, bare } of procedures) {
      const lines = bare.split('\n').map((line) => line.trim());
      const begins = lines.indexOf('BEGIN TRANSACTION;');
      if (begins === -1) continue;
      const ends = lines.findLastIndex((line) => line === 'COMMIT TRANSACTION;');
      expect([name, ends > begins]).toEqual([name, true]);
      for (let at = begins; at < ends; at += 1)
        if (/^RETURN;$/u.test(lines[at] ?? ''))
          expect([
            name,
            lines.slice(Math.max(begins, at - 8), at).some((line) => /^(?:COMMIT|ROLLBACK) TRANSACTION;$/u.test(line)),
          ]).toEqual([name, true]);
    }
  });
});

describe('who may do what', () => {
  it('is given on schemas alone, and what is kept is nobody’s to read', () => {
    const { code } = readSqlFile('roles.sql');
    const all = code + readSqlFile('task_rights.sql').code;
    const grants = [...all.matchAll(/GRANT (\w+) ON (\S+) TO (\w+)/gu)].map(([, right, where, whom]) => `${right} ${where} ${whom}`);
    expect(grants).toEqual([
      'EXECUTE SCHEMA::tgn tgn_runner',
      'EXECUTE SCHEMA::tgn tgn_administrator',
      'EXECUTE SCHEMA::tgn_admin tgn_administrator',
      'EXECUTE SCHEMA::tgn_report tgn_reader',
      'EXECUTE SCHEMA::tgn_report tgn_administrator',
      'EXECUTE SCHEMA::tgn_task tgn_tasks',
    ]);
    for (const text of [code, readSqlFile('script/uninstall.sql').code])
      expect(text).toContain('DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
  });
});

describe('procedures that Tillypad’s task calls', () => {
  it.each(tasks.map((file) => [file.name, file] as const))('%s can’t undo a till’s operation', (_name, { text, bare }) => {
    expect(text).toContain('SET XACT_ABORT OFF;');
    expect(text).toContain('BEGIN TRY');
    expect(bare).not.toMatch(/\b(?:COMMIT|ROLLBACK|BEGIN TRAN|RAISERROR|THROW|MERGE)\b/iu);
    expect(bare).not.toMatch(/\bDEADLOCK_PRIORITY\b/iu);
    expect(bare).not.toMatch(/\bDELETE\b/iu);
    // Table variables alone are changed.
    for (const [, target = ''] of bare.matchAll(/\bUPDATE\s+(\S+)/giu)) expect(target).toMatch(/^@/u);
  });

  it('touch no table with a filtered index', async () => {
    const [ledger] = sqlFiles('ledger').filter(({ name }) => name.endsWith('0001_ledger.sql'));
    const filtered = new Set([...(ledger?.bare ?? '').matchAll(/INDEX \w+ ON tgn\.(\w+)[^;]*?\bWHERE\b/giu)].map(([, table]) => table));
    expect(filtered.size).toBeGreaterThan(3);
    for (const { name, bare } of tasks)
      for (const [, table = ''] of bare.matchAll(/INSERT INTO tgn\.(\w+)/giu))
        expect([name, table, filtered.has(table)]).toEqual([name, table, false]);
  });

  it('say of unread words what the program says', () => {
    expect(readSqlFile('task/read_log.sql').text).toContain(`N'tp-tg-notify: ${TASK_MESSAGES.word_unread.ru}'`);
  });

  it('look for single characters in a binary collation, since one of no weight would be found everywhere', () => {
    const { text } = readSqlFile('task/save_parameters.sql');
    expect(text).toContain('name nvarchar(40) COLLATE Latin1_General_BIN2 NOT NULL, value nvarchar(max) COLLATE Latin1_General_BIN2 NULL');
    for (const { name, code } of tasks)
      for (const [, before = ''] of code.matchAll(/(\S+ \S+) NOT LIKE N'%\[/giu))
        expect([name, before]).toEqual([name, 'COLLATE Latin1_General_BIN2']);
  });

  it('are changed by ALTER, never dropped', () => {
    for (const { bare } of tasks) expect(bare).not.toMatch(/\bDROP\b/iu);
  });
});
