import type { Money } from '../core/glossary.ts';
import type { Customer, Operation } from '../core/operation.ts';

/** An operation as the statements return it; the sum is decimal text. */
export interface OperationRow extends Omit<Operation, 'sum' | 'balanceAfter' | 'accountType'> {
  readonly sum: string;
  /** Null when the type is gone from its directory. */
  readonly accountType: string | null;
}

export function toOperation(row: OperationRow, balanceAfter: Money | null): Operation {
  return {
    id: row.id,
    customerId: row.customerId,
    accountTypeId: row.accountTypeId,
    accountType: row.accountType ?? '',
    date: row.date,
    sum: BigInt(row.sum),
    document: row.document,
    description: row.description,
    division: row.division,
    returnOf: row.returnOf,
    balanceAfter,
  };
}

/** A customer as the statements return it; the group's name is null when the group is gone. */
export interface CustomerRow {
  readonly customerId: string;
  readonly customerName: string;
  readonly groupId: string;
  readonly groupName: string | null;
}

export function toCustomer(row: CustomerRow): Customer {
  return { id: row.customerId, name: row.customerName, groupId: row.groupId, group: row.groupName ?? '' };
}
