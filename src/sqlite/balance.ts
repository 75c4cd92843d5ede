import type { AccountTypeId, CustomerId, Money, OperationId } from '../core/glossary.ts';
import type { Session } from './session.ts';

/** Above so many operations of a customer no balance is told: summing them would hold everybody up. */
export const LONGEST_HISTORY = 20_000;

export interface BalanceRequest {
  readonly customerId: CustomerId;
  readonly operations: readonly { readonly id: OperationId; readonly accountTypeId: AccountTypeId }[];
  readonly mode: 'after' | 'current' | 'off';
}

/** By operation; one that is missing here has no balance that can be told safely. */
export function readBalances(session: Session, request: BalanceRequest): ReadonlyMap<OperationId, Money> {
  const { customerId, operations, mode } = request;
  if (mode === 'off' || operations.length === 0 || isTooLong(session, customerId)) return new Map();
  return withoutOverflow(() => (mode === 'after' ? balancesAfter(session, request) : currentBalances(session, request)), new Map());
}

export function isTooLong(session: Session, customerId: CustomerId): boolean {
  const history = session.find('balance').get<{ operations: number }>('history', { customer: customerId, limit: LONGEST_HISTORY + 1 });
  return (history?.operations ?? 0) > LONGEST_HISTORY;
}

/** SQLite refuses a sum beyond 64 bits. Only rows typed in error make one, and they must not keep anybody's notice back. */
export function withoutOverflow<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.message === 'integer overflow') return otherwise;
    throw error;
  }
}

function balancesAfter(session: Session, { customerId, operations }: BalanceRequest): ReadonlyMap<OperationId, Money> {
  const ids = JSON.stringify(operations.map((one) => one.id));
  const rows = session.find('balance').all<{ id: OperationId; balance: string }>('after', { customer: customerId, operations: ids });
  return new Map(rows.map((row) => [row.id, BigInt(row.balance)]));
}

function currentBalances(session: Session, { customerId, operations }: BalanceRequest): ReadonlyMap<OperationId, Money> {
  const balances = new Map<OperationId, Money>();
  for (const { id, accountTypeId } of operations) {
    const row = session.find('balance').get<{ balance: string | null }>('current', { customer: customerId, accountType: accountTypeId });
    if (typeof row?.balance === 'string') balances.set(id, BigInt(row.balance));
  }
  return balances;
}
