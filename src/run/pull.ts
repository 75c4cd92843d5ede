import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import { bookPace, paceWaitMs, settlePace } from '../core/pace.ts';
import { addCounts } from '../core/counts.ts';
import type { PulledSum } from '../core/summary.ts';
import type { Finding } from '../core/settings.ts';
import { keepSilence, LEASE_MS } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import type { SendReply } from './reply.ts';
import type { RunRequest } from './request.ts';
import { subscribe } from './subscribe.ts';
import type { PullTurn, Subscribed } from './subscribe.ts';

export interface Pull extends StepReport {
  /**
   * go: who subscribed is known · partly: others read this bot, so the unsubscribed stay unplanned · stop: Telegram can't be used now,
   * nothing is planned or sent · lock_lost
   */
  readonly next: 'go' | 'partly' | 'stop' | 'lock_lost';
  readonly sum: PulledSum;
  readonly since: PullTurn['since'];
}

/** Pulls subscriptions and says what that means for the rest of the run: an outage here is an outage of the whole run. */
export async function pullUpdates(
  app: RunApp,
  request: RunRequest,
  turn: { readonly held: HeldRun; readonly since: PullTurn['since']; readonly mayReply: boolean; readonly answered: Set<string> },
): Promise<Pull> {
  const { held, since, answered } = turn;
  const [settings] = request.tasks;
  if (settings === undefined) throw new Error('a run without tasks');
  if (held.silence.until > app.clock.monotonic()) return { ...limited(app, held), sum: { ...NOT_ASKED, answer: 'limited' }, since };
  const { now, wallNow } = await app.ledger.readClock();
  const send = turn.mayReply ? paced(app, held) : null;
  const subscribed = await subscribe(app, { botId: request.botId, since, now, wallNow, settings, send, answered });
  if (subscribed.quietUntil !== null) keepSilence(held.silence, subscribed.quietUntil, app.clock);
  const { next, codes, findings } = meaning(subscribed, () => limited(app, held));
  const traces = next === 'lock_lost' ? [] : await findTraces(app, subscribed, now);
  const foreign: ExitCode[] = traces.length > 0 ? [EXIT.account] : [];
  return { next, sum: subscribed.sum, since: subscribed.since, codes: [...codes, ...foreign], findings: [...findings, ...traces] };
}

/**
 * What an answer of Telegram's doesn't tell, its traces may: someone else reads this bot, or signs links to it. Counted over a day of the ledger, as
 * guests with such links come one by one; asked only when a further one came, so that one day's guests are told of and not each run after them.
 */
async function findTraces({ ledger }: RunApp, { findings, sum }: Subscribed, now: Instant): Promise<readonly Finding[]> {
  if ((sum.refused['forged'] ?? 0) === 0) return findings;
  const chats = await ledger.countForgers(now - FORGERS_WITHIN_MS);
  return chats < MANY_FORGERS ? findings : [...findings, { code: 'links_forged', args: { chats } }];
}

/**
 * Telegram asks for silence: planning goes on, and the silence is kept before the first notice. Who has pressed Start meanwhile isn't known, so the
 * unsubscribed stay unplanned.
 */
function limited({ clock }: RunApp, { silence }: HeldRun): Meaning {
  const seconds = Math.max(0, Math.ceil((silence.until - clock.monotonic()) / 1000));
  return { next: 'partly', codes: [EXIT.unreachable], findings: [{ code: 'telegram_limited', args: { seconds } }] };
}

/** Chats whose links failed the signature, within so long, until it is no guest's slip of the hand. */
const MANY_FORGERS = 3;
const FORGERS_WITHIN_MS = 24 * 3_600_000;

const NOT_ASKED = { subscribed: 0, moved: 0, stopped: 0, blocked: 0, back: 0, refused: {} };

type Meaning = Pick<Pull, 'next' | 'codes' | 'findings'>;

function meaning({ pulled, why, detail }: Subscribed, whenLimited: () => Meaning): Meaning {
  const told = (next: Pull['next'], code: ExitCode, finding: string): Meaning => {
    const args: Finding['args'] = { detail: detail === null || detail === '' ? '' : ` (${detail})` };
    return { next, codes: [code], findings: [{ code: finding, args }] };
  };
  switch (pulled) {
    case 'all':
    case 'skipped':
      return { next: 'go', codes: [], findings: [] };
    case 'partly':
      return { next: 'partly', codes: [], findings: [] };
    case 'lock_lost':
      return { next: 'lock_lost', codes: [], findings: [] };
    case 'conflict':
      return told('partly', EXIT.account, why === 'webhook' ? 'webhook' : 'second_reader');
    case 'unusable':
      return told('stop', EXIT.account, 'telegram_unusable');
    case 'unreachable':
      return told('stop', EXIT.unreachable, 'telegram_unreachable');
    case 'limited':
      return whenLimited();
  }
}

/** Replies share the pace and the lease of notices: they count against the same limits. */
function paced(app: RunApp, held: HeldRun): SendReply {
  const { clock, ledger, signal } = app;
  let heardAt = clock.monotonic();
  return async (message) => {
    const wait = paceWaitMs(held.pace, clock.monotonic(), 1);
    if (wait > 0) await clock.sleep(wait, signal);
    if (clock.monotonic() - heardAt > LEASE_MS / 2) {
      const asked = clock.monotonic();
      if ((await ledger.confirm()) === 'lost') return { outcome: 'retry', code: 'not_begun', notBefore: null, detail: '' };
      heardAt = asked;
    }
    bookPace(held.pace, 1, clock.monotonic());
    try {
      return await app.channel.send(message, () => !signal.aborted && clock.monotonic() - heardAt <= LEASE_MS);
    } finally {
      settlePace(held.pace, { beganAt: null, endedAt: clock.monotonic(), answered: false });
    }
  };
}

/** Adds a further pull's sums; the later answer stands. */
export function addPulled(a: PulledSum, b: PulledSum): PulledSum {
  return {
    answer: b.answer === 'skipped' && a.answer !== 'off' ? a.answer : b.answer,
    subscribed: a.subscribed + b.subscribed,
    moved: a.moved + b.moved,
    stopped: a.stopped + b.stopped,
    blocked: a.blocked + b.blocked,
    back: a.back + b.back,
    refused: addCounts(a.refused, b.refused) as Record<string, number>,
  };
}
