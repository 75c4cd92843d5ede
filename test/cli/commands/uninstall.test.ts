import { describe, expect, it } from 'vitest';

import { planSql } from '../../../src/cli/commands/plan-sql.ts';
import { uninstall } from '../../../src/cli/commands/uninstall.ts';
import { parseServerAddress } from '../../../src/core/server-place.ts';
import { openDoors } from '../../../src/main.ts';
import { readScript } from '../../../src/sql-server/install.ts';
import { runIn } from '../../support/fake-doors.ts';

const ask = (flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'en') => runIn(language, {}, { command: uninstall, flags });

describe('uninstall', () => {
  it('keeps the ledger', async () => {
    const { result, did } = ask();
    const { code, text } = await result;
    expect(code).toBe(0);
    expect(did).toEqual(['uninstall({"dropLedger":false})']);
    expect(text).toContain('are kept');
  });

  it('drops the ledger only when it is confirmed', async () => {
    const asked = ask({ dropLedger: true }, 'ru');
    expect(await asked.result).toMatchObject({ code: 9, text: expect.stringContaining('--drop-ledger --yes') });
    expect(asked.did).toEqual([]);
    const confirmed = ask({ dropLedger: true, yes: true });
    expect(await confirmed.result).toMatchObject({ code: 0, json: { ledgerDropped: true } });
    expect(confirmed.did).toEqual(['uninstall({"dropLedger":true})']);
  });
});

describe('plan-sql', () => {
  it('prints what install would run, and opens nothing', async () => {
    const { result, did } = runIn('en', {}, { command: planSql });
    const asked = { keyFingerprint: 'key-1', noteTypes: ['chat_ID в Telegram'] };
    expect(await result).toMatchObject({ code: 0, text: `create table … ${JSON.stringify(asked)}` });
    expect(did).toEqual([]);
  });

  it('makes no key where there is none, and names the note type of every task', async () => {
    const settings = 'tasks:\n  a: {}\n  b:\n    subscriptions: { noteType: Telegram }\n';
    const { text } = await runIn('en', { keyProblem: true, settings }, { command: planSql }).result;
    expect(text).toContain(JSON.stringify({ keyFingerprint: null, noteTypes: ['chat_ID в Telegram', 'Telegram'] }));
  });

  it.each([
    ['mssql://tp:x@server/Tillypad', 'EXEC tgn_admin.found_place'],
    ['site.sqlite', 'create view operation'],
  ])('at the real door of %s is what install sends', async (address, words) => {
    const parsed = parseServerAddress(address);
    const doors = openDoors({ note: () => {} });
    const place = { database: address, server: parsed.ok ? parsed.place : null };
    const text = await doors.planSql(place, { keyFingerprint: 'key-1', noteTypes: ['chat'] });
    expect(text).toContain(words);
    if (parsed.ok) expect(text.startsWith(readScript())).toBe(true);
  });
});
