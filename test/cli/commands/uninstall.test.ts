import { describe, expect, it } from 'vitest';

import { planSql } from '../../../src/cli/commands/plan-sql.ts';
import { uninstall } from '../../../src/cli/commands/uninstall.ts';
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
    expect(await result).toMatchObject({ code: 0, text: 'create table …' });
    expect(did).toEqual([]);
  });
});
