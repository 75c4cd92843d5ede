import type { CustomerId } from '../core/glossary.ts';
import { parseMoney } from '../core/money.ts';
import type { Operation } from '../core/operation.ts';
import type { Account } from '../ports/ledger.ts';
import { toToldOperation } from './operation-row.ts';
import type { OperationRow } from './operation-row.ts';
import { allRows } from './rows.ts';
import type { Session } from './session.ts';
import { idList } from './values.ts';

interface AccountRow {
  readonly customerId: CustomerId;
  readonly accountTypeId: string;
  readonly accountType: string;
  readonly balance: string | null;
}

export async function readAccounts(
  { connection }: Session,
  customers: readonly CustomerId[],
): Promise<{ readonly accounts: readonly Account[]; readonly newest: readonly Operation[] }> {
  const sets = await connection.callProcedure('read_accounts', { customers: idList(customers) });
  const accounts = allRows<AccountRow>(sets, 0);
  const newest = allRows<OperationRow & { readonly balance: string | null }>(sets, 1);
  return {
    accounts: inOrder(customers, accounts).map((row) => ({ ...row, balance: row.balance === null ? null : parseMoney(row.balance) })),
    newest: inOrder(customers, newest).map(toToldOperation),
  };
}

/** In the order in which they were asked for. */
function inOrder<T extends { readonly customerId: CustomerId }>(customers: readonly CustomerId[], rows: readonly T[]): readonly T[] {
  const byCustomer = Map.groupBy(rows, (row) => row.customerId);
  return customers.flatMap((id) => byCustomer.get(id) ?? []);
}
