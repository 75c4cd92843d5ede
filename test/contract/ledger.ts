import { describe } from 'vitest';
import type { Engine } from './engine.ts';
import { describeChunks } from './ledger-chunks.ts';
import { describeClaim } from './ledger-claim.ts';
import { describeDigest } from './ledger-digest.ts';
import { describeNotes } from './ledger-notes.ts';
import { describeOpening } from './ledger-open.ts';
import { describePlan } from './ledger-plan.ts';
import { describeProperties } from './ledger-property.ts';
import { describeReading } from './ledger-read.ts';
import { describeRecord } from './ledger-record.ts';
import { describeRecover } from './ledger-recover.ts';
import { describeSubscriptions } from './ledger-subscriptions.ts';
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
    describeRecord(engine);
    describeRecover(engine);
    describeSubscriptions(engine);
    describeNotes(engine);
    describeReading(engine);
    describeProperties(engine);
  });
}
