import { EXIT, exitCodeOf } from '../../core/exit-code.ts';
import type { ExitCode } from '../../core/exit-code.ts';
import { sampleInvitation } from '../../core/invitation-text.ts';
import { parseMoney } from '../../core/money.ts';
import type { Finding } from '../../core/settings.ts';
import type { Gateway, GatewayTrouble } from '../../ports/gateway.ts';
import { askPrice, gatewaysOf, tellTrouble, withGateway } from '../ask-gateway.ts';
import type { SmsPrice, TaskGateway } from '../ask-gateway.ts';
import type { Command, CommandCall } from '../command.ts';
import { renderChecked } from '../render/sms-check.ts';
import type { CheckedGateway } from '../render/sms-check.ts';
import { openSite } from '../site.ts';
import { zoneOf } from '../zone.ts';

/** A mobile number of the kind that most guests have; what is asked about it sends nothing. */
const SAMPLE_NUMBER = '79161234567';

/** `sms check`: whether each operator's account is usable, what is on it, whether the sender name may be used, what an invitation costs. */
export const checkSms: Command = async (call) => {
  const site = await openSite(call, { token: false });
  const checked: { readonly gateway: CheckedGateway; readonly code: ExitCode }[] = [];
  for (const one of gatewaysOf(site)) checked.push(await withGateway(call, one, (gateway) => check(call, one, gateway)));
  const code = exitCodeOf(checked.map((one) => one.code));
  const gateways = checked.map(({ gateway }) => gateway);
  return {
    code,
    text: renderChecked(gateways, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'sms check', exitCode: code, gateways },
  };
};

async function check(
  call: CommandCall,
  asked: TaskGateway,
  gateway: Gateway,
): Promise<{ readonly gateway: CheckedGateway; readonly code: ExitCode }> {
  const { operator, sms, tasks } = asked;
  const known = { operator, tasks: tasks.map(({ id }) => id), sender: sms.sender };
  const now = call.doors.clock.now();
  const fail = (trouble: GatewayTrouble): { readonly gateway: CheckedGateway; readonly code: ExitCode } => {
    const { codes, findings } = tellTrouble(operator, trouble, now);
    const nothing = { balance: null, senders: null, approved: null, price: null, enoughFor: null };
    return { gateway: { ...known, ...nothing, findings }, code: exitCodeOf(codes) };
  };
  const balance = await gateway.readBalance();
  if (balance.answer !== 'balance') return fail(balance);
  const senders = await gateway.readSenders();
  if (senders.answer !== 'senders' && senders.answer !== 'unsupported') return fail(senders);
  const { price, report } = await askPrice(gateway, asked, { number: SAMPLE_NUMBER, text: sampleOf(asked), now });
  const listed = senders.answer === 'senders' ? senders.senders : null;
  const approved = listed === null ? null : approvalOf(sms.sender, listed);
  const enoughFor = countInvitations(balance.roubles, price);
  const names = listed?.map(({ name }) => name) ?? null;
  const own = [...senderFindings(asked, { approved, names }), ...balanceFindings(balance.roubles, enoughFor)];
  return {
    gateway: { ...known, balance: balance.roubles, senders: names, approved, price, enoughFor, findings: [...report.findings, ...own] },
    code: exitCodeOf([...report.codes, ...own.map((finding) => exitOf(finding))]),
  };
}

/** As the first of the tasks would send it, with a bot's name of 20 characters. */
function sampleOf({ sms, tasks }: TaskGateway): string {
  const [task] = tasks;
  return sampleInvitation({ texts: sms.text, language: task?.guests.language ?? 'ru', restaurant: task?.restaurant.name ?? '' }, null);
}

/** Null where no name is set, or where the operator doesn't say. Operators differ in whether capitals count, so they don't here. */
function approvalOf(sender: string, listed: readonly { readonly name: string; readonly approved: boolean | null }[]): boolean | null {
  if (sender === '') return null;
  const found = listed.find(({ name }) => name.toLowerCase() === sender.toLowerCase());
  return found === undefined ? false : found.approved;
}

function senderFindings(
  { operator, sms }: TaskGateway,
  { approved, names }: { readonly approved: boolean | null; readonly names: readonly string[] | null },
): readonly Finding[] {
  if (sms.sender === '') return [{ code: operator === 'p1sms' ? 'sender_digits' : 'sender_default', args: {} }];
  if (approved !== false) return [];
  const known = names === null || names.length === 0 ? '–' : names.join(', ');
  return [{ code: operator === 'pushsms' ? 'sender_replaced' : 'sender_unapproved', args: { sender: sms.sender, known } }];
}

function countInvitations(balance: string, { roubles }: SmsPrice): number | null {
  const cost = roubles === null ? 0n : parseMoney(roubles);
  if (cost <= 0n) return null;
  const money = parseMoney(balance);
  return money < 0n ? 0 : Number(money / cost);
}

function balanceFindings(balance: string, enoughFor: number | null): readonly Finding[] {
  const isEmpty = enoughFor === null ? parseMoney(balance) <= 0n : enoughFor === 0;
  return isEmpty ? [{ code: 'balance_low', args: {} }] : [];
}

function exitOf({ code }: Finding): ExitCode {
  return code === 'sender_default' || code === 'sender_digits' ? EXIT.done : EXIT.account;
}
