import type { CustomerId } from '../core/glossary.ts';
import type { Operation } from '../core/operation.ts';
import type { Account } from '../ports/ledger.ts';
import { isTooLong, readBalances, withoutOverflow } from './balance.ts';
import { toOperation } from './operation-row.ts';
import type { OperationRow } from './operation-row.ts';
import type { Session } from './session.ts';
import { textOf, wholeOf } from './stored.ts';
import type { Stored } from './stored.ts';

interface AccountRow {
  readonly accountTypeId: string;
  readonly accountType: Stored;
  readonly balance: string | null;
}

export function readAccounts(
  session: Session,
  customers: readonly CustomerId[],
): { readonly accounts: readonly Account[]; readonly newest: readonly Operation[] } {
  return {
    accounts: customers.flatMap((customerId) => readCustomer(session, customerId)),
    newest: customers.flatMap((customerId) => readNewest(session, customerId)),
  };
}

function readCustomer(session: Session, customerId: CustomerId): Account[] {
  const statements = session.find('read_accounts');
  const types = (): AccountRow[] => statements.all<AccountRow>('types', { customer: customerId });
  const rows = isTooLong(session, customerId)
    ? types()
    : (withoutOverflow(() => statements.all<AccountRow>('accounts', { customer: customerId }), null) ?? types());
  return rows.map(({ accountTypeId, accountType, balance }) => ({
    customerId,
    accountTypeId,
    accountType: textOf(accountType) ?? '',
    balance: wholeOf(balance),
  }));
}

function readNewest(session: Session, customerId: CustomerId): Operation[] {
  const row = session.find('read_accounts').get<OperationRow>('newest', { customer: customerId });
  if (row === undefined) return [];
  const balances = readBalances(session, { customerId, operations: [row], mode: 'after' });
  return [toOperation(row, balances.get(row.id) ?? null)];
}
