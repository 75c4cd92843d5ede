import { deskContract } from './desk.ts';
import { makeBareSqliteSite, makeSqliteDeskSite } from '../support/desk-site.ts';

deskContract({ name: 'SQLite', makeSite: async () => makeSqliteDeskSite(), makeBareSite: async () => makeBareSqliteSite() });
