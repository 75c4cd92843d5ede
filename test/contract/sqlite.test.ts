import { makeSqliteSite } from '../support/site.ts';
import { describeLedger } from './ledger.ts';

describeLedger({
  name: 'SQLite',
  capabilities: { judgesOrphansAtOnce: true, copies: true },
  makeSite: async () => makeSqliteSite(),
});
