import type { DoubtPolicy, Recovered } from '../ports/opening.ts';
import { firstRow } from './rows.ts';
import { askHolder } from './session.ts';
import type { RunSession } from './session.ts';

const NOTHING: Recovered = { orphaned: 0, orphanedInvitations: 0, judgedAt: null, toRepeat: 0 };
/** Where nobody says how long a call may last: the settings' own default. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Without the lock nothing is judged; the next call says that it is lost. */
export async function recover(session: RunSession, policy: DoubtPolicy): Promise<Recovered> {
  const sets = await askHolder(session, 'recover', {
    in_doubt: policy.inDoubt,
    repeat_after_ms: policy.repeatAfterMs,
    request_timeout_ms: policy.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  return sets === 'lock_lost' ? NOTHING : (firstRow<Recovered>(sets) ?? NOTHING);
}
