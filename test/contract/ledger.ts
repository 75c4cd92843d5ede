import { describe } from 'vitest';
import type { Engine } from './engine.ts';
import { describeAdmitted } from './ledger-admitted.ts';
import { describeBalance } from './ledger-balance.ts';
import { describeChunks } from './ledger-chunks.ts';
import { describeClaim } from './ledger-claim.ts';
import { describeClock } from './ledger-clock.ts';
import { describeDigest } from './ledger-digest.ts';
import { describeFilters } from './ledger-filters.ts';
import { describeGroups } from './ledger-groups.ts';
import { describeInvitations } from './ledger-invitations.ts';
import { describeInvitees } from './ledger-invitees.ts';
import { describeJudging } from './ledger-judge.ts';
import { describeLimit } from './ledger-limit.ts';
import { describeNotes } from './ledger-notes.ts';
import { describeOpening } from './ledger-open.ts';
import { describePlan } from './ledger-plan.ts';
import { describeProperties } from './ledger-property.ts';
import { describeReading } from './ledger-read.ts';
import { describeRecord } from './ledger-record.ts';
import { describeRecover } from './ledger-recover.ts';
import { describeRetry } from './ledger-retry.ts';
import { describeSubscriptions } from './ledger-subscriptions.ts';
import { describeTaskLog } from './ledger-task-log.ts';
import { describeWords } from './ledger-words.ts';

const CHAPTERS = [
  describeOpening,
  describeWords,
  describeTaskLog,
  describeFilters,
  describeGroups,
  describePlan,
  describeChunks,
  describeLimit,
  describeAdmitted,
  describeClaim,
  describeJudging,
  describeBalance,
  describeDigest,
  describeRecord,
  describeRetry,
  describeRecover,
  describeClock,
  describeSubscriptions,
  describeNotes,
  describeReading,
  describeInvitees,
  describeInvitations,
  describeProperties,
];

/** The contract of the `Ledger` port: every engine is held to the same sentences. */
export function describeLedger(engine: Engine): void {
  describe(`the ledger on ${engine.name}`, () => {
    for (const describeChapter of CHAPTERS) describeChapter(engine);
  });
}
