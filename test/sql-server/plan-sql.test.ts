import { describe, expect, it } from 'vitest';
import { batchesOf, readScript } from '../../src/sql-server/install.ts';
import { planSql } from '../../src/sql-server/plan-sql.ts';

const added = (sql: string): string => sql.slice(readScript().length);

describe('the SQL that install would run', () => {
  it('is the script and the call that binds the ledger and makes the note types, in ASCII', () => {
    const sql = planSql({ keyFingerprint: "key-1'", noteTypes: ['chat_ID в Telegram', "guest's"] });
    expect(sql.startsWith(readScript())).toBe(true);
    expect(sql.match(/\P{ASCII}/u)).toBeNull();
    const [first = '', second = '', ...rest] = batchesOf(added(sql));
    expect(rest).toEqual([]);
    expect(first).toContain("SET @note_type = N'chat_ID ' + NCHAR(1074) + N' Telegram';");
    expect(first).toContain("EXEC tgn_admin.found_place @key_fingerprint = N'key-1''', @paused = 0, @note_type = @note_type;");
    expect(second).toContain("SET @note_type = N'guest''s';");
  });

  it('only names that call as long as there is no key', () => {
    const text = added(planSql({ keyFingerprint: null, noteTypes: ['chat'] }));
    expect(text).toContain('found_place');
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^--/u);
  });
});
