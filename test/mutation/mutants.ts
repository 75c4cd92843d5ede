import type { Mutant } from './mutant.ts';
import { CORE_MUTANTS } from './mutants-core.ts';
import { LEDGER_MUTANTS } from './mutants-ledger.ts';
import { PEOPLE_MUTANTS } from './mutants-people.ts';
import { RUN_MUTANTS } from './mutants-run.ts';
import { SERVER_MUTANTS } from './mutants-server.ts';
import { SQL_MUTANTS } from './mutants-sql.ts';

export const MUTANTS: readonly Mutant[] = [
  ...SQL_MUTANTS,
  ...LEDGER_MUTANTS,
  ...RUN_MUTANTS,
  ...CORE_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...SERVER_MUTANTS,
];
