import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import { measureSms } from '../core/segments.ts';
import { timesRoubles } from '../core/invited-sum.ts';
import type { Finding, SmsSettings, TaskSettings } from '../core/settings.ts';
import type { GatewayName } from '../core/sms-outcome.ts';
import type { Gateway, GatewayTrouble } from '../ports/gateway.ts';
import type { CommandCall } from './command.ts';
import { CommandProblem, SettingsRefused } from './problem.ts';
import type { Site } from './site.ts';

/** The tasks that share one account at one operator under one sender name. */
export interface TaskGateway {
  readonly operator: GatewayName;
  readonly sms: SmsSettings;
  readonly tasks: readonly TaskSettings[];
}

/** Throws where no task invites, and where a key or a proxy is missing: a call around the proxy would be a surprise. */
export function gatewaysOf(site: Site): readonly TaskGateway[] {
  const inviting = site.tasks.filter(({ sms }) => sms.operator !== null);
  if (inviting.length === 0) throw new CommandProblem(EXIT.usage, [{ code: 'sms_off', args: {} }]);
  const unread = site.settings.unread.filter(({ path }) => path?.startsWith('sms.') === true);
  if (unread.length > 0) throw new SettingsRefused({ ok: false, problems: unread, language: site.language, ...site.place });
  const groups = new Map<string, TaskGateway>();
  for (const task of inviting) {
    const { sms } = task;
    const { operator, key, sender, apiRoot, proxy } = sms;
    if (operator === null) continue;
    if (key.reveal() === '') throw new CommandProblem(EXIT.usage, [{ code: 'gateway_key_missing', args: { task: task.id, operator } }]);
    const identity = JSON.stringify([operator, key.reveal(), sender, apiRoot, proxy?.reveal()]);
    const tasks = [...(groups.get(identity)?.tasks ?? []), task];
    groups.set(identity, { operator, sms, tasks });
  }
  return [...groups.values()];
}

/** Opens a gateway for one command and lets go of its sockets whatever happens. */
export async function withGateway<T>(
  call: CommandCall,
  { sms, operator }: Pick<TaskGateway, 'sms' | 'operator'>,
  use: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  const gateway = call.doors.openGateway({ ...sms, operator });
  try {
    return await use(gateway);
  } finally {
    gateway.close();
  }
}

/** What one SMS costs. `roubles` null = nobody says; `from` tells whose word it is. */
export interface SmsPrice {
  readonly segments: number;
  readonly roubles: string | null;
  readonly from: 'operator' | 'settings' | null;
  /** Why the operator, which could have, didn't say: a reason's code. */
  readonly why: string | null;
}

/** What a person should know of an answer that is none; empty where it is one. */
export interface GatewayReport {
  readonly codes: readonly ExitCode[];
  readonly findings: readonly Finding[];
}

export interface AskedPrice {
  readonly price: SmsPrice;
  /** Why the operator didn't say, where it could have. */
  readonly report: GatewayReport;
}

const NOTHING: GatewayReport = { codes: [], findings: [] };

/** The operator's own word where it has a method for it, else the settings' price of a segment. Sends nothing. */
export async function askPrice(
  gateway: Gateway,
  { sms, operator }: Pick<TaskGateway, 'sms' | 'operator'>,
  { number, text, now }: { readonly number: string; readonly text: string; readonly now: Instant },
): Promise<AskedPrice> {
  const { segments } = measureSms(text, operator);
  const own = sms.price === null ? null : timesRoubles(sms.price, segments);
  const assumed: SmsPrice = { segments, roubles: own, from: own === null ? null : 'settings', why: null };
  const answer = await gateway.readCost({ number, text });
  switch (answer.answer) {
    case 'cost':
      return { price: { segments: answer.segments, roubles: answer.roubles, from: 'operator', why: null }, report: NOTHING };
    case 'unsupported':
      return { price: assumed, report: NOTHING };
    case 'refused':
      return { price: { ...assumed, why: answer.code }, report: tellRefusal(operator, answer) };
    default:
      return {
        price: { ...assumed, why: answer.answer === 'unusable' ? answer.code : answer.answer },
        report: tellTrouble(operator, answer, now),
      };
  }
}

/** What keeps an operator from being asked. */
export function tellTrouble(operator: GatewayName, trouble: GatewayTrouble, now: Instant): GatewayReport {
  switch (trouble.answer) {
    case 'unusable':
      return tellRefusal(operator, trouble);
    case 'limited':
      return tell(EXIT.unreachable, {
        code: 'gateway_limited',
        args: { operator, seconds: Math.max(1, Math.ceil((trouble.until - now) / 1000)) },
      });
    case 'unreachable':
      return tell(EXIT.unreachable, { code: 'gateway_unreachable', args: { operator, detail: inBrackets(trouble.detail) } });
    default:
      return tell(EXIT.unreachable, { code: 'gateway_unreadable', args: { operator, detail: inBrackets(trouble.detail) } });
  }
}

function tellRefusal(operator: GatewayName, { code, detail }: { readonly code: string; readonly detail: string }): GatewayReport {
  return tell(EXIT.account, { code: 'gateway_refused', args: { operator, reason: code, detail: inBrackets(detail) } });
}

function tell(code: ExitCode, finding: Finding): GatewayReport {
  return { codes: [code], findings: [finding] };
}

function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${detail.slice(0, 200)})`;
}
