import { isWall } from './wall-time.ts';
import type { AccountTypeId, CustomerGroupId, CustomerId, Money, OperationId, WallTime } from './glossary.ts';

/** One movement on a customer's account, read fresh when it is claimed or previewed. Names are as stored (maybe packed, see multilingual.ts). */
export interface Operation {
  readonly id: OperationId;
  readonly customerId: CustomerId;
  readonly accountTypeId: AccountTypeId;
  readonly accountType: string;
  readonly date: WallTime;
  /** Above zero is a credit, below zero a debit; null where what is stored is no sum. */
  readonly sum: Money | null;
  /** Tillypad's document number, `cpop_Name`. */
  readonly document: string | null;
  readonly description: string | null;
  /** The restaurant of a chain where a till made the operation; null where staff made it. */
  readonly division: string | null;
  /** The operation that this one returns. */
  readonly returnOf: OperationId | null;
  /** Running sum after this operation; null where it is switched off or can't be told safely. */
  readonly balanceAfter: Money | null;
}

/** An operation of which a guest can be told. */
export type TellableOperation = Operation & { readonly sum: Money };

/** False where the record has no date or no sum that could be told: it waits for whoever mends it and keeps nobody else waiting. */
export function isTellable(operation: Operation): operation is TellableOperation {
  return operation.sum !== null && isWall(operation.date);
}

/** What a notice needs to know of its customer. */
export interface Customer {
  readonly id: CustomerId;
  readonly name: string;
  readonly groupId: CustomerGroupId;
  readonly group: string;
}
