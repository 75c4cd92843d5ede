import type { AccountTypeName } from './directories.ts';
import type { Till } from './till.ts';
import { toWallTime } from './wall-time.ts';

/** One row of tp_ClientPurseOperations in the making; what is left out is null. */
export interface Movement {
  readonly customerId: string;
  readonly type: AccountTypeName;
  /** Milliseconds of the wall clock. */
  readonly at: number;
  /** 1/10,000 of the account's unit; a bigint where a double is too small. */
  readonly sum: number | bigint;
  readonly document?: string | null;
  readonly description?: string | null;
  readonly authorization?: string | null;
  readonly cashier?: string | null;
  readonly returnOf?: string | null;
  readonly external?: string | null;
}

export const UNIT = 10_000;

/** Writes one row; the id comes from outside, since returns name each other's. */
export function writeMovement({ tables, directories }: Till, id: string, movement: Movement): void {
  tables.tp_ClientPurseOperations.add([
    id,
    movement.customerId,
    directories.accountTypes[movement.type],
    movement.authorization ?? null,
    movement.cashier ?? null,
    movement.returnOf ?? null,
    toWallTime(movement.at),
    movement.document ?? null,
    movement.description ?? null,
    movement.sum,
    movement.external ?? null,
  ]);
}
