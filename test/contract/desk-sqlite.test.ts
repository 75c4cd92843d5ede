import { deskContract } from './desk.ts';
import { makeBareSqliteSite, makeSqliteDeskSite } from '../support/desk-site.ts';

const views = [
  'operation',
  'customer',
  'customer_phone',
  'customer_group',
  'customer_group_parent',
  'account_type',
  'division',
  'note',
  'balance',
];

deskContract({ name: 'SQLite', views, makeSite: async () => makeSqliteDeskSite(), makeBareSite: async () => makeBareSqliteSite() });
