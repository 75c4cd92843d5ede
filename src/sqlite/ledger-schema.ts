/** The ledger's schema that this program was written for; the newest file of `sql/sqlite/ledger`. */
export const LEDGER_SCHEMA = 1;
