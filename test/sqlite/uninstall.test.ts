import { expect, it, onTestFinished } from 'vitest';
import { SchemaMismatch } from '../../src/ports/database.ts';
import { install } from '../../src/sqlite/install.ts';
import { uninstall } from '../../src/sqlite/uninstall.ts';
import { makeSqliteSite } from '../support/site.ts';

function namesIn(site: ReturnType<typeof makeSqliteSite>): readonly string[] {
  return site.database
    .prepare("select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name")
    .all()
    .map((row) => String(row['name']));
}

it('what install made is taken away, the ledger only on demand, Tillypad’s tables never', async () => {
  const site = makeSqliteSite();
  onTestFinished(() => site.close());
  uninstall({ file: site.file, dropLedger: false });
  await expect(site.openLedger()).rejects.toThrow(SchemaMismatch);
  expect(namesIn(site)).toContain('subscription');
  install({ file: site.file, clock: site.clock, keyFingerprint: 'fingerprint', paused: false, noteType: 'chat' });
  await (await site.openLedger()).close();
  uninstall({ file: site.file, dropLedger: true });
  const left = namesIn(site);
  expect(left).toContain('tp_Clients');
  expect(left.filter((name) => !name.startsWith('tp_'))).toEqual([]);
});
