import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import type { Finding } from '../core/settings.ts';
import type { BotIdentity, Channel, PullAnswer } from '../ports/channel.ts';
import type { CommandCall } from './command.ts';
import { CommandProblem } from './problem.ts';
import type { BotTasks } from './site.ts';

/** Opens a bot's channel for one command and lets go of its sockets whatever happens. */
export async function withChannel<T>(call: CommandCall, bot: BotTasks, use: (channel: Channel) => Promise<T>): Promise<T> {
  const [first] = bot.tasks;
  if (first === undefined) throw new Error('a bot without tasks');
  const channel = call.doors.openChannel(first.telegram);
  try {
    return await use(channel);
  } finally {
    channel.close();
  }
}

/** Who the bot is; throws CommandProblem for whatever keeps Telegram from saying so. */
export async function askIdentity(call: CommandCall, channel: Channel): Promise<BotIdentity> {
  const answer = await channel.identify();
  if (answer.answer === 'bot') return answer.bot;
  throw toProblem(answer, call.doors.clock.now());
}

/** Any answer that is none, as a problem with the exit code of decision 7. */
export function toProblem(answer: Exclude<PullAnswer, { answer: 'updates' }>, now: Instant): CommandProblem {
  const [code, finding] = judge(answer, now);
  return new CommandProblem(code, [finding]);
}

function judge(answer: Exclude<PullAnswer, { answer: 'updates' }>, now: Instant): [ExitCode, Finding] {
  switch (answer.answer) {
    case 'limited':
      return [EXIT.unreachable, { code: 'telegram_limited', args: { seconds: Math.max(1, Math.ceil((answer.until - now) / 1000)) } }];
    case 'unusable':
      return [EXIT.account, { code: 'telegram_unusable', args: { detail: inBrackets(answer.detail) } }];
    case 'conflict':
      return [EXIT.account, { code: answer.why, args: {} }];
    default:
      return [EXIT.unreachable, { code: 'telegram_unreachable', args: { detail: inBrackets(answer.detail) } }];
  }
}

function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${detail.slice(0, 200)})`;
}
