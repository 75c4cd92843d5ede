import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lockFileOf } from '../../src/sqlite/lock.ts';
import { advanceRequest, BOT, claimOne, fates, finished, heldLedger, planOne } from '../contract/fixtures.ts';
import { makeSqliteSite } from '../support/site.ts';

describe('a ledger whose lock’s file is taken away', () => {
  it('records nothing and claims nothing any more, though its process lives', async () => {
    const site = makeSqliteSite();
    const ledger = await heldLedger(site);
    const { operation } = await planOne(site, ledger);
    const notice = await claimOne(ledger);
    rmSync(lockFileOf(site.file, BOT));
    expect(await ledger.advance(advanceRequest({ finished: [finished(notice)] }))).toEqual({ answer: 'lock_lost' });
    expect(await ledger.confirm()).toBe('lost');
    expect(await fates(site)).toEqual({ [operation]: 'sending' });
    await ledger.close();
    await site.close();
  });
});
