import { describe } from 'vitest';
import type { Engine } from './engine.ts';
import { describeOpening } from './ledger-open.ts';
import { describeWords } from './ledger-words.ts';

/** The contract of the `Ledger` port: every engine is held to the same sentences. */
export function describeLedger(engine: Engine): void {
  describe(`the ledger on ${engine.name}`, () => {
    describeOpening(engine);
    describeWords(engine);
  });
}
