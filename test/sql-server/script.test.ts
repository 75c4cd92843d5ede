import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCRIPT_NAME, buildScript } from '../../scripts/sql/script.ts';
import { toAscii } from '../../scripts/sql/ascii.ts';
import { OLD_SERVER_STATE } from '../../src/sql-server/fault-codes.ts';
import { batchesOf, readScript } from '../../src/sql-server/install.ts';

const script = buildScript();
/** The batch that ends the transaction, and the one that writes the version. */
const isCommit = (batch: string): boolean => batch.includes('DELETE FROM #tgn_step') && batch.includes('COMMIT TRANSACTION;');
const isVersion = (batch: string): boolean => batch.includes('EXEC tgn_admin.save_version');

describe('the script for a DBA', () => {
  it('is the one that install sends, and up to date', () => {
    expect(readScript()).toBe(readFileSync(new URL(`../../sql/sql-server/${SCRIPT_NAME}`, import.meta.url), 'utf8'));
    expect(readScript() === script, 'run npm run build:sql').toBe(true);
  });

  it('executes from its first line on, whatever the window did before, and says «Done» only when nothing failed', () => {
    const batches = batchesOf(script);
    expect(batches[0]?.trim()).toBe('SET NOEXEC OFF;');
    const done = batches.findIndex((batch) => batch.includes('FROM #tgn_step ORDER BY no'));
    const commit = batches.findIndex(isCommit);
    expect(commit).toBeLessThan(done);
    for (let at = commit + 1; at < done; at += 1)
      if (!(batches[at] ?? '').includes('SET NOEXEC ON'))
        expect([batches[at], batches[at + 1]?.trim()]).toEqual([batches[at], 'IF @@ERROR <> 0 SET NOEXEC ON;']);
  });

  it('judges the server’s version in a batch that 2008 can read, before any that it can’t, and skips the rest there', () => {
    const batches = batchesOf(script);
    const at = batches.findIndex((batch) => batch.includes("SERVERPROPERTY('ProductVersion')"));
    expect(at).toBeGreaterThan(0);
    const newer = /\bTHROW\b|\bIF EXISTS tgn|\bDROP \w+ IF EXISTS\b|\bIIF\b|\bCONCAT\s*\(|\bTRY_\w+\s*\(|\bOFFSET\b/u;
    for (const batch of batches.slice(0, at + 2)) expect(batch.replaceAll(/--.*$/gmu, '')).not.toMatch(newer);
    expect(batches[at]).toMatch(/RAISERROR \(@say, 16, 213\)/u);
    expect(OLD_SERVER_STATE).toBe(213);
    expect(batches[at + 1]?.trim()).toBe('IF @@ERROR <> 0 SET NOEXEC ON;');
    expect(batches.findIndex((batch) => batch.replaceAll(/--.*$/gmu, '').includes('THROW'))).toBeGreaterThan(at + 1);
  });

  it('tells a replica from a database that was set read-only', () => {
    const batch = batchesOf(script).find((one) => one.includes("'Updateability'")) ?? '';
    expect(batch.indexOf('is_read_only = 1')).toBeGreaterThan(0);
    expect(batch.indexOf('THROW 50218')).toBeGreaterThan(batch.indexOf('is_read_only = 1'));
    expect(batch.indexOf('THROW 50206')).toBeGreaterThan(batch.indexOf('THROW 50218'));
  });

  it('is pure ASCII', () => {
    expect(script.match(/\P{ASCII}/u)).toBeNull();
  });

  it('looks after each batch whether its transaction still stands, and skips the rest if not', () => {
    const batches = batchesOf(script);
    const commit = batches.findIndex(isCommit);
    const begin = batches.findIndex((batch) => batch.includes('BEGIN TRANSACTION;') && batch.includes("N'CREATE SCHEMA tgn"));
    expect(begin).toBeGreaterThan(0);
    expect(commit).toBeGreaterThan(begin);
    const unguarded = batches
      .slice(begin, commit)
      .filter(
        (batch, at, all) =>
          !batch.includes('SET NOEXEC ON') &&
          !batch.includes('PRINT N') &&
          !/SET (?:ANSI_NULLS|NUMERIC_ROUNDABORT)/u.test(batch) &&
          !(all[at + 1] ?? '').includes('SET NOEXEC ON'),
      );
    expect(unguarded).toEqual([]);
    expect(batches.at(-2)).toContain('SET NOEXEC OFF');
    expect(batches.at(-1)).toContain('ROLLBACK TRANSACTION');
  });

  it('sets before each file what its objects need', () => {
    const files = [...script.matchAll(/^PRINT N'([\w./]+)';$/gmu)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(30);
    expect(script.split('SET ANSI_NULLS, QUOTED_IDENTIFIER').length - 1).toBe(files.length);
  });

  it('writes the version’s row last of all, after whatever makes, alters or grants', () => {
    const batches = batchesOf(script);
    expect(batches.filter(isCommit)).toHaveLength(1);
    const version = batches.findIndex(isVersion);
    const lastMade = batches.findLastIndex((batch) =>
      /^\s*(?:CREATE|ALTER|GRANT|IF DATABASE_PRINCIPAL_ID)\b|'(?:CREATE|DENY) /mu.test(batch.replaceAll(/--[^\n]*/gu, '')),
    );
    expect(lastMade).toBeGreaterThan(batches.findIndex(isCommit));
    expect(version).toBeGreaterThan(lastMade);
    expect(batches.findIndex((batch) => batch.includes('CREATE TABLE tgn.ledger_schema'))).toBeLessThan(lastMade);
  });

  it('touches nothing that is denied to public once the denial stands, as whoever runs it may be no dbo', () => {
    const batches = batchesOf(script).map((batch) => batch.replaceAll(/--[^\n]*/gu, ''));
    const denial = batches.findIndex((batch) => batch.includes('DENY SELECT') && batch.includes('TO public'));
    expect(denial).toBeGreaterThan(0);
    expect(batches.slice(0, denial).some((batch) => batch.includes('REVOKE SELECT') && batch.includes('FROM public'))).toBe(true);
    // A procedure's inside is its owner's.
    const own = batches.slice(denial + 1).filter((batch) => !/^\s*ALTER PROCEDURE/u.test(batch));
    expect(own.filter((batch) => /\btgn\.\w/u.test(batch))).toEqual([]);
  });

  it('makes the roles in its transaction, and alters what tills call only after it', () => {
    const batches = batchesOf(script);
    const commit = batches.findIndex(isCommit);
    const at = (text: string): number => batches.findIndex((batch) => batch.includes(text));
    expect(at('CREATE ROLE tgn_runner')).toBeLessThan(commit);
    expect(at('TO public')).toBeLessThan(commit);
    for (const text of ['ALTER PROCEDURE tgn_task.wake', 'ON SCHEMA::tgn_task TO']) expect(at(text)).toBeGreaterThan(commit);
  });
});

describe('a text in ASCII', () => {
  it('keeps the meaning of Russian literals, quotes and hyphens in them', () => {
    expect(toAscii("PRINT N'a «Да» -- b''c';")).toBe("PRINT (N'a ' + NCHAR(171) + NCHAR(1044) + NCHAR(1072) + NCHAR(187) + N' -- b''c');");
    expect(toAscii("SELECT N'Я'")).toBe('SELECT NCHAR(1071)');
    expect(toAscii("-- «so» – it's\nSELECT 1")).toBe('-- "so" - it\'s\nSELECT 1');
  });

  it('refuses what it can’t carry', () => {
    expect(() => toAscii("SELECT 'Я'")).toThrow(RangeError);
    expect(() => toAscii('SELECT я')).toThrow(RangeError);
    expect(() => toAscii('-- я')).toThrow(RangeError);
  });
});
