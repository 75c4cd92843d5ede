import type { Money } from '../core/glossary.ts';
import type { Customer, Operation } from '../core/operation.ts';
import { textOf, wholeOf } from './stored.ts';
import type { Stored } from './stored.ts';

type Text = 'accountType' | 'document' | 'description' | 'division';

/** An operation as the statements return it; the sum is text, and whole digits where it is a sum. */
export interface OperationRow extends Omit<Operation, 'sum' | 'balanceAfter' | 'date' | Text>, Readonly<Record<Text, Stored>> {
  readonly sum: string | null;
  readonly date: Stored;
}

/** The account type's name is '' when the type is gone from its directory; a date that is no text is ''. */
export function toOperation(row: OperationRow, balanceAfter: Money | null): Operation {
  return {
    id: row.id,
    customerId: row.customerId,
    accountTypeId: row.accountTypeId,
    accountType: textOf(row.accountType) ?? '',
    date: textOf(row.date) ?? '',
    sum: wholeOf(row.sum),
    document: textOf(row.document),
    description: textOf(row.description),
    division: textOf(row.division),
    returnOf: row.returnOf,
    balanceAfter,
  };
}

/** A customer as the statements return it; the group's name is null when the group is gone. */
export interface CustomerRow {
  readonly customerId: string;
  readonly customerName: Stored;
  readonly groupId: Stored;
  readonly groupName: Stored;
}

export function toCustomer(row: CustomerRow): Customer {
  const { customerName, groupId, groupName } = row;
  return { id: row.customerId, name: textOf(customerName) ?? '', groupId: textOf(groupId) ?? '', group: textOf(groupName) ?? '' };
}
