import type { DoubtPolicy, Recovered } from '../ports/opening.ts';
import { asHolder } from './session.ts';
import type { RunSession } from './session.ts';

/** Without the lock nothing is judged; the next call says that it is lost. */
export function recover(session: RunSession, policy: DoubtPolicy): Recovered {
  const answer = asHolder(session, ({ botId, runId }, { now }): Recovered => {
    const statements = session.find('recover');
    statements.run('end_attempts', { bot: botId, run: runId, now });
    const orphaned = statements.run('orphan', { bot: botId, run: runId, now });
    const orphanedInvitations = statements.run('orphan_invitations', { bot: botId, run: runId, now });
    const toRepeat = policy.inDoubt === 'repeat' ? statements.run('repeat', { bot: botId, until: now - policy.repeatAfterMs, now }) : 0;
    if (policy.inDoubt === 'giveUp') statements.run('give_up', { bot: botId, now });
    return { orphaned, orphanedInvitations, judgedAt: null, toRepeat };
  });
  return answer === 'lock_lost' ? { orphaned: 0, orphanedInvitations: 0, judgedAt: null, toRepeat: 0 } : answer;
}
