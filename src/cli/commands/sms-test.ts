import { EXIT } from '../../core/exit-code.ts';
import type { ExitCode } from '../../core/exit-code.ts';
import { composeInvitation } from '../../core/invitation-text.ts';
import { maskPhone } from '../../core/mask.ts';
import { mobileNumber } from '../../core/phone.ts';
import type { SmsOutcome } from '../../core/sms-outcome.ts';
import type { Gateway } from '../../ports/gateway.ts';
import { withChannel } from '../ask-bot.ts';
import { askPrice, gatewaysOf, withGateway } from '../ask-gateway.ts';
import type { AskedPrice, TaskGateway } from '../ask-gateway.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { CommandProblem } from '../problem.ts';
import { renderSmsTest } from '../render/sms-test.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

/**
 * `sms test`: one SMS to a phone of the administrator's own, worded like an invitation, with the bot's link as anybody may have it. Without `--yes`
 * it only says what would go and what it costs. It is no invitation: the ledger and the caps don't know of it.
 */
export const testSms: Command = async (call) => {
  const site = await openSite(call, { token: false });
  const asked = chooseGateway(site);
  const number = readNumber(call, asked);
  const text = await composeTest(call, site, asked);
  return withGateway(call, asked, async (gateway) => {
    const priced = await askPrice(gateway, asked, { number, text, now: call.doors.clock.now() });
    const outcome = call.flags['yes'] === true ? await send(call, gateway, { number, text }) : null;
    return report(site, asked, { number, text, priced, outcome });
  });
};

function chooseGateway(site: Site): TaskGateway {
  const [first, ...others] = gatewaysOf(site);
  if (first !== undefined && others.length === 0) return first;
  const tasks = site.tasks.filter(({ sms }) => sms.operator !== null).map(({ id }) => id);
  throw new CommandProblem(EXIT.usage, [{ code: 'sms_several', args: { tasks: tasks.join(', ') } }]);
}

/** What was typed may be somebody's phone with a slip of the finger, so only its shape is told. */
function readNumber(call: CommandCall, { sms }: TaskGateway): string {
  const typed = call.args[0] ?? '';
  const number = mobileNumber(typed, sms.countries);
  if (number !== null) return number;
  throw new CommandProblem(EXIT.usage, [
    { code: 'bad_test_phone', args: { value: maskPhone(typed), countries: sms.countries.join(', ') } },
  ]);
}

/** Telegram may be out of reach, and this is about the operator: then the link has no bot in it. */
async function composeTest(call: CommandCall, site: Site, { sms, tasks }: TaskGateway): Promise<string> {
  const [task] = tasks;
  const bot = site.bots.find((one) => one.tasks.some(({ id }) => id === task?.id));
  const known = bot === undefined ? null : await withChannel(call, bot, (channel) => channel.identify());
  const link = known?.answer === 'bot' ? `https://t.me/${known.bot.username}` : 'https://t.me';
  const wish = { texts: sms.text, language: task?.guests.language ?? 'ru', restaurant: task?.restaurant.name ?? '' };
  return composeInvitation(wish, link);
}

async function send(call: CommandCall, gateway: Gateway, sms: { readonly number: string; readonly text: string }): Promise<SmsOutcome> {
  const reference = `tp-test-${call.doors.newId().replaceAll('-', '').slice(0, 12)}`;
  return gateway.send({ ...sms, reference }, () => !call.terminal.signal.aborted);
}

interface Tested {
  readonly number: string;
  readonly text: string;
  readonly priced: AskedPrice;
  readonly outcome: SmsOutcome | null;
}

function report(site: Site, { operator, sms }: TaskGateway, { number, text, priced, outcome }: Tested): CommandResult {
  const code = outcome === null ? EXIT.no : exitOf(outcome);
  const { price, report: asked } = priced;
  const shown = { operator, number: maskPhone(number), sender: sms.sender, text, price, findings: asked.findings, outcome };
  return {
    code,
    text: renderSmsTest(shown, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'sms test', exitCode: code, sent: outcome?.outcome === 'accepted', ...shown },
  };
}

function exitOf(outcome: SmsOutcome): ExitCode {
  switch (outcome.outcome) {
    case 'accepted':
      return EXIT.done;
    case 'refused':
      return outcome.whose === 'number' ? EXIT.no : EXIT.account;
    case 'later':
      return outcome.code === 'not_begun' ? EXIT.interrupted : EXIT.unreachable;
    case 'in_doubt':
      return EXIT.doubt;
  }
}
