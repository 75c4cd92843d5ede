import { EXIT } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import { parseMoney } from '../core/money.ts';
import type { Gateway } from '../ports/gateway.ts';
import { keepSilence } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import { knownCost, priceOf } from './invite-cost.ts';
import { tellTrouble, told } from './invite-end.ts';
import { segmentsOf } from './inviting.ts';
import type { Inviting, InvitingTask } from './inviting.ts';

/** Links need the bot's name. Asked once a process; a bot that doesn't tell it invites nobody. */
export async function askUsername(
  app: Pick<RunApp, 'channel' | 'clock'>,
  { inviting, silence }: Pick<HeldRun, 'inviting' | 'silence'>,
): Promise<string | StepReport> {
  if (inviting.username !== null) return inviting.username;
  if (inviting.halted || silence.until > app.clock.monotonic()) return { codes: [], findings: [] };
  const answer = await app.channel.identify();
  if (answer.answer === 'bot') {
    inviting.username = answer.bot.username;
    return answer.bot.username;
  }
  inviting.halted = true;
  switch (answer.answer) {
    case 'limited':
      keepSilence(silence, answer.until, app.clock);
      return told(EXIT.unreachable, 'telegram_limited', { seconds: Math.max(1, Math.ceil((answer.until - app.clock.now()) / 1000)) });
    case 'unusable':
      return told(EXIT.account, 'telegram_unusable', { detail: '' });
    default:
      return told(EXIT.unreachable, 'telegram_unreachable', { detail: '' });
  }
}

/**
 * Before the first SMS of a process the operator is asked for its balance: one that is out of reach, or whose key is wrong, shows it here, where it
 * leaves nothing in doubt.
 */
export async function askAccount(
  inviting: Inviting,
  gateway: Pick<Gateway, 'readBalance'>,
  at: { readonly task: InvitingTask; readonly username: string; readonly now: Instant },
): Promise<'ready' | StepReport> {
  const { task, username, now } = at;
  const { operator } = task.sms;
  if (inviting.ready.has(operator)) return 'ready';
  const answer = await gateway.readBalance();
  const segments = segmentsOf(task, username)[task.guests.language];
  const cost = knownCost(inviting, task, segments) ?? priceOf(task, segments);
  if (answer.answer === 'balance' && (cost === null || parseMoney(answer.roubles) >= parseMoney(cost))) {
    inviting.ready.add(operator);
    return 'ready';
  }
  inviting.ended.add(operator);
  if (answer.answer !== 'balance') return tellTrouble(operator, answer, now);
  return told(EXIT.account, 'sms_no_money', { operator, balance: answer.roubles, cost: cost ?? '' });
}
