import { describe } from 'vitest';
import type { Engine } from './engine.ts';
import { describeChunks } from './ledger-chunks.ts';
import { describeClaim } from './ledger-claim.ts';
import { describeDigest } from './ledger-digest.ts';
import { describeOpening } from './ledger-open.ts';
import { describePlan } from './ledger-plan.ts';
import { describeWords } from './ledger-words.ts';

/** The contract of the `Ledger` port: every engine is held to the same sentences. */
export function describeLedger(engine: Engine): void {
  describe(`the ledger on ${engine.name}`, () => {
    describeOpening(engine);
    describeWords(engine);
    describePlan(engine);
    describeChunks(engine);
    describeClaim(engine);
    describeDigest(engine);
  });
}
