import type { Money } from '../core/glossary.ts';
import { parseMoney } from '../core/money.ts';
import type { Customer, Operation } from '../core/operation.ts';

/** An operation as the procedures return it; the sum is decimal text. */
export interface OperationRow extends Omit<Operation, 'sum' | 'balanceAfter' | 'accountType'> {
  readonly sum: string;
  /** Null when the type is gone from its directory. */
  readonly accountType: string | null;
}

function toOperation(row: OperationRow, balanceAfter: Money | null): Operation {
  return {
    id: row.id,
    customerId: row.customerId,
    accountTypeId: row.accountTypeId,
    accountType: row.accountType ?? '',
    date: row.date,
    sum: parseMoney(row.sum),
    document: row.document,
    description: row.description,
    division: row.division,
    returnOf: row.returnOf,
    balanceAfter,
  };
}

/** With a balance in decimal text, null where none can be told. */
export function toToldOperation(row: OperationRow & { readonly balance: string | null }): Operation {
  return toOperation(row, row.balance === null ? null : parseMoney(row.balance));
}

/** A customer as the procedures return it; the group's name is null when the group is gone. */
export interface CustomerRow {
  readonly customerId: string;
  readonly customerName: string;
  readonly groupId: string;
  readonly groupName: string | null;
}

export function toCustomer(row: CustomerRow): Customer {
  return { id: row.customerId, name: row.customerName, groupId: row.groupId, group: row.groupName ?? '' };
}
