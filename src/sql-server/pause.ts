import type { Instant } from '../core/glossary.ts';

/** How «until `resume`» stands in the ledger: the last second of the year 9999. */
export const PAUSED_FOR_GOOD: Instant = 253_402_300_799_000;
