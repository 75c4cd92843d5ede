import type { BotId, Language } from '../core/glossary.ts';
import { measureInvitation } from '../core/invitation-text.ts';
import type { SmsSettings, TaskSettings } from '../core/settings.ts';
import type { GatewayName } from '../core/sms-outcome.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { InviteeQuery } from '../ports/invitations.ts';
import { narrowedCustomers } from './look.ts';
import type { RunRequest } from './request.ts';

export type ActiveSms = SmsSettings & { readonly operator: GatewayName };
/** A task that invites. */
export type InvitingTask = TaskSettings & { readonly sms: ActiveSms };
/** Tasks of one bot may use different operators, so each opens its own. */
export type OpenGateway = (sms: ActiveSms) => Gateway;

/** What one process keeps of its inviting, from look to look and task to task. */
export interface Inviting {
  /** Segments spent; the cap of a run counts them. */
  spent: number;
  /** Refusals of single numbers in a row: so many of them speak of the sender or the text, and not of the guests. */
  refusals: number;
  /** The bot's name, once Telegram has told it. */
  username: string | null;
  /** An outcome is unknown: this process sends no further SMS, so that an outage leaves one in doubt and not fifty. */
  halted: boolean;
  /** Operators that are done with for this run: no money, a wrong key, out of reach. */
  readonly ended: Set<GatewayName>;
  /** Operators whose account was looked at: they answer, and there is money. */
  readonly ready: Set<GatewayName>;
  readonly statusesAsked: Set<GatewayName>;
  /** Price of an SMS by operator and segments; null = nobody knows. */
  readonly costs: Map<string, string | null>;
}

export function startInviting(): Inviting {
  return {
    spent: 0,
    refusals: 0,
    username: null,
    halted: false,
    ended: new Set(),
    ready: new Set(),
    statusesAsked: new Set(),
    costs: new Map(),
  };
}

export function invites(task: TaskSettings): task is InvitingTask {
  return task.sms.operator !== null;
}

/** Who is to be weighed for a task, of those that the run may touch. */
export function inviteeQuery(
  task: InvitingTask,
  request: Pick<RunRequest, 'botId' | 'customers'>,
): InviteeQuery & { readonly botId: BotId } {
  return {
    botId: request.botId,
    taskId: task.id,
    noteType: task.subscriptions.noteType,
    consent: task.sms.consent,
    customers: narrowedCustomers(task, request),
    look: null,
  };
}

/** What every guest's SMS takes, by language. */
export function segmentsOf({ sms, restaurant }: InvitingTask, username: string | null): Readonly<Record<Language, number>> {
  const count = (language: Language): number =>
    measureInvitation({ texts: sms.text, language, restaurant: restaurant.name }, { operator: sms.operator, username }).segments;
  return { ru: count('ru'), en: count('en') };
}
