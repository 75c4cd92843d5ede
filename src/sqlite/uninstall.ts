import { openConnection } from './connection.ts';
import { withFaults } from './fault.ts';

const VIEWS = [
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
const TABLES = [
  'ledger_schema',
  'place',
  'bot',
  'run',
  'wake',
  'task',
  'admitted',
  'task_parameters',
  'chat',
  'subscription',
  'note_mirror',
  'refused_link',
  'delivery',
  'attempt',
  'earlier_attempt',
  'invitation',
  'task_message',
  'task_told',
  'start_way',
];

/** Takes the views away; the ledger and the subscriptions only with `dropLedger`. Tillypad's own tables stay. Throws DatabaseUnavailable. */
export function uninstall(request: { readonly file: string; readonly dropLedger: boolean }): readonly string[] {
  const connection = openConnection(request);
  try {
    connection.transaction(() => {
      const drops = [
        ...VIEWS.map((name) => `drop view if exists ${name};`),
        ...(request.dropLedger ? TABLES.map((name) => `drop table if exists ${name};`) : []),
      ];
      withFaults(() => connection.database.exec(drops.join('\n')));
    });
    return [];
  } finally {
    connection.close();
  }
}
