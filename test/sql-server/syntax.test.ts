import { describe, expect, it } from 'vitest';
import { readSqlFile, sqlFiles } from './files.ts';

/** Newer than SQL Server 2016, above compatibility level 100, or otherwise not for a live Tillypad. */
const BANNED: readonly (readonly [string, RegExp])[] = [
  ['CREATE OR ALTER', /\bCREATE\s+OR\s+ALTER\b/iu],
  ['MERGE', /\bMERGE\s+(?:INTO\s+)?(?:tgn|dbo)\./iu],
  [
    'functions of level 110',
    /\b(?:TRY_CONVERT|TRY_CAST|TRY_PARSE|PARSE|IIF|CHOOSE|FORMAT|EOMONTH|DATEFROMPARTS|DATETIME2FROMPARTS)\s*\(/iu,
  ],
  ['functions of level 130', /\b(?:OPENJSON|STRING_SPLIT|JSON_VALUE|JSON_QUERY|JSON_MODIFY|STRING_ESCAPE|AT\s+TIME\s+ZONE)\b/iu],
  [
    'functions of 2017 and later',
    /\b(?:STRING_AGG|CONCAT_WS|TRANSLATE|GREATEST|LEAST|GENERATE_SERIES|DATETRUNC|APPROX_COUNT_DISTINCT)\s*\(|\bTRIM\s*\(/iu,
  ],
  ['CONCAT', /\bCONCAT\s*\(/iu],
  ['IS DISTINCT FROM', /\bIS\s+(?:NOT\s+)?DISTINCT\s+FROM\b/iu],
  ['inline indexes', /^\s*INDEX\s+\w+\s*\(/imu],
  ['sequences', /\bNEXT\s+VALUE\s+FOR\b/iu],
  ['money as a type', /\b(?:small)?money\b(?!')/iu],
  ['a literal date that the language decides', /'\d{1,2}[./]\d{1,2}[./]\d{2,4}/u],
  ['triggers on Tillypad’s tables', /\bCREATE\s+TRIGGER\b/iu],
  ['alterations of Tillypad’s tables', /\b(?:ALTER|DROP|TRUNCATE)\s+TABLE\s+(?:dbo\.)?tp_/iu],
  ['foreign keys', /\bREFERENCES\b/iu],
  ['SCHEMABINDING', /\bSCHEMABINDING\b/iu],
];

const files = [
  ...['ledger', 'procedures', 'task', 'tillypad', 'script', 'starting'].flatMap(sqlFiles),
  ...['roles.sql', 'task_rights.sql', '../../tasks/client-operations-telegram/task.sql'].map(readSqlFile),
];
const CLOCK = /\b(?:GETDATE|GETUTCDATE|SYSDATETIME|SYSUTCDATETIME|SYSDATETIMEOFFSET)\s*\(|\bCURRENT_TIMESTAMP\b/giu;

describe('the T-SQL of this program runs on SQL Server 2016 at level 100', () => {
  it.each(BANNED)('without %s', (_what, pattern) => {
    for (const { name, bare, code } of files) {
      const text = pattern.source.includes("'") && !pattern.source.includes("(?!')") ? code : bare;
      expect([name, text.match(pattern)?.[0]]).toEqual([name, undefined]);
    }
  });

  it('reads the time in one place, so that a test can put its own there', () => {
    // In code, since the view is made of a literal.
    const readers = files.flatMap(({ name, code }) => [...code.matchAll(CLOCK)].map(([call]) => `${name} ${call}`));
    expect(readers).toEqual(['ledger/0001_ledger.sql SYSUTCDATETIME(', 'ledger/0001_ledger.sql GETDATE(']);
    const { code = '' } = files.find(({ name }) => name === 'ledger/0001_ledger.sql') ?? {};
    expect(code).toMatch(
      /CREATE VIEW tgn\.clock AS SELECT CAST\(SYSUTCDATETIME\(\) AS datetime2\(3\)\) AS now_utc, GETDATE\(\) AS wall_now/u,
    );
  });

  it('would be caught', () => {
    const samples = ['CREATE OR ALTER VIEW x', "TRY_CONVERT(int, '1')", "STRING_SPLIT('a', ',')", "STRING_AGG(a, ',')", 'IIF(1 = 1, 1, 0)'];
    for (const sample of samples) expect(BANNED.some(([, pattern]) => pattern.test(sample))).toBe(true);
  });

  it('gives every text of our own tables a collation', () => {
    for (const { name, bare } of sqlFiles('ledger'))
      for (const [line] of bare.matchAll(/^\s+\w+ n?varchar\([^)]*\)[^\n]*$/gimu))
        expect([name, line, /COLLATE|\b(?:detail|failure|summary)\b/u.test(line)]).toEqual([name, line, true]);
  });
});
