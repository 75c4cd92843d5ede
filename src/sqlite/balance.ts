import type { AccountTypeId, CustomerId, Money, OperationId } from '../core/glossary.ts';
import type { Session } from './session.ts';
import { wholeOf } from './stored.ts';
import type { Stored } from './stored.ts';

interface BalanceOperation {
  readonly id: OperationId;
  readonly accountTypeId: AccountTypeId;
  readonly date: Stored;
}

export interface BalanceRequest {
  readonly customerId: CustomerId;
  readonly operations: readonly BalanceOperation[];
  readonly mode: 'after' | 'current' | 'off';
}

/** By operation; one that is missing here has no balance that can be told safely. */
export function readBalances(session: Session, request: BalanceRequest): ReadonlyMap<OperationId, Money> {
  const { customerId, operations, mode } = request;
  if (mode === 'off' || operations.length === 0 || isTooLong(session, customerId)) return new Map();
  return withoutOverflow(() => (mode === 'after' ? balancesAfter(session, request) : currentBalances(session, request)), new Map());
}

/** Above 20,000 operations no balance is told. */
export function isTooLong(session: Session, customerId: CustomerId): boolean {
  return session.find('balance').get<{ tooLong: number }>('history', { customer: customerId })?.tooLong === 1;
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
  const [only, ...others] = operations;
  if (only !== undefined && others.length === 0) return balanceAfterOne(session, customerId, only);
  const ids = JSON.stringify(operations.map((one) => one.id));
  const rows = session.find('balance').all<{ id: OperationId; balance: string | null }>('after', { customer: customerId, operations: ids });
  return new Map(rows.flatMap(({ id, balance }) => withSum(id, balance)));
}

/** By far the most frequent case, and at less than half the price. */
function balanceAfterOne(
  session: Session,
  customerId: CustomerId,
  { id, accountTypeId, date }: BalanceOperation,
): ReadonlyMap<OperationId, Money> {
  const values = { customer: customerId, accountType: accountTypeId, date, id };
  const balance = session.find('balance').get<{ balance: string | null }>('after_one', values)?.balance ?? null;
  return new Map(withSum(id, balance));
}

function currentBalances(session: Session, { customerId, operations }: BalanceRequest): ReadonlyMap<OperationId, Money> {
  const balances = new Map<OperationId, Money>();
  for (const { id, accountTypeId } of operations) {
    const row = session.find('balance').get<{ balance: string | null }>('current', { customer: customerId, accountType: accountTypeId });
    const balance = wholeOf(row?.balance ?? null);
    if (balance !== null) balances.set(id, balance);
  }
  return balances;
}

/** One row that is no sum makes the whole account's sum a fraction: no balance is better than a wrong one. */
function withSum(id: OperationId, balance: string | null): readonly (readonly [OperationId, Money])[] {
  const money = wholeOf(balance);
  return money === null ? [] : [[id, money]];
}
