import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { CustomerId, Language } from '../core/glossary.ts';
import type { InvitationSkip } from '../core/invitation.ts';
import { weighInvitee } from '../core/invite-policy.ts';
import type { InviteVerdict, Weighing } from '../core/invite-policy.ts';
import { addRoubles } from '../core/invited-sum.ts';
import type { Finding } from '../core/settings.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { InvitationReader, InviteeQuery, Invitee } from '../ports/invitations.ts';
import { learnCost } from './invite-cost.ts';
import type { Inviting, InvitingTask } from './inviting.ts';

const PAGE = 500;

/** One who was weighed, with what the SMS costs. */
export type Weighed = { readonly invitee: Invitee; readonly cost: string | null } & InviteVerdict;

/** What weighing comes to, without keeping anybody. */
export interface WeighedSum {
  readonly planned: number;
  readonly segments: number;
  /** Roubles as far as they are known; null = no price is. */
  readonly cost: string | null;
  /** Of the planned: held because it is night. */
  readonly held: number;
  readonly skipped: Readonly<Partial<Record<InvitationSkip, number>>>;
}

export interface WeighTurn {
  readonly task: InvitingTask;
  readonly query: InviteeQuery;
  readonly weighing: Weighing;
  readonly inviting: Pick<Inviting, 'costs'>;
  readonly gateway: () => Pick<Gateway, 'readCost'>;
  readonly username: string | null;
  readonly signal: AbortSignal;
}

/** Who asks for an invitation, weighed page by page: what was weighed is handed on and forgotten, so memory stays flat. */
export async function* weighAll(reader: Pick<InvitationReader, 'readInvitees'>, turn: WeighTurn): AsyncGenerator<readonly Weighed[]> {
  let after: CustomerId | null = null;
  do {
    const page: Awaited<ReturnType<InvitationReader['readInvitees']>> = await reader.readInvitees(turn.query, { after, limit: PAGE });
    const weighed: Weighed[] = [];
    for (const invitee of page.invitees) {
      const verdict = weighInvitee(invitee, turn.weighing);
      weighed.push({ invitee, ...verdict, cost: verdict.verdict === 'planned' ? await costOf(turn, verdict) : null });
    }
    if (weighed.length > 0) yield weighed;
    after = page.next;
  } while (after !== null && !turn.signal.aborted);
}

async function costOf(
  { task, inviting, gateway, username }: WeighTurn,
  asked: { readonly segments: number; readonly language: Language; readonly number: string },
): Promise<string | null> {
  return learnCost(inviting, { readCost: async (sms) => gateway().readCost(sms) }, { task, asked: { ...asked, username } });
}

export async function countAll(reader: Pick<InvitationReader, 'readInvitees'>, turn: WeighTurn): Promise<WeighedSum> {
  let sum = NOBODY_WEIGHED;
  for await (const weighed of weighAll(reader, turn)) sum = weighed.reduce(addWeighed, sum);
  return sum;
}

export const NOBODY_WEIGHED: WeighedSum = { planned: 0, segments: 0, cost: null, held: 0, skipped: {} };

export function addWeighed(sum: WeighedSum, one: Weighed): WeighedSum {
  if (one.verdict === 'skipped') {
    const { reason } = one;
    return reason === null ? sum : { ...sum, skipped: { ...sum.skipped, [reason]: (sum.skipped[reason] ?? 0) + 1 } };
  }
  return {
    ...sum,
    planned: sum.planned + 1,
    segments: sum.segments + one.segments,
    cost: one.cost === null ? sum.cost : addRoubles(sum.cost ?? '0', one.cost),
    held: sum.held + Number(one.notBefore !== null),
  };
}

/** Too many at once for whoever hasn't said yes; caps are no answer to that, they only spread the bill over days. */
export function brakeFinding(
  code: 'sms_brake' | 'sms_brake_ahead',
  task: InvitingTask,
  sum: WeighedSum,
): { readonly codes: readonly ExitCode[]; readonly findings: readonly Finding[] } {
  const { planned, segments, cost } = sum;
  const args = { task: task.id, customers: planned, brake: task.sms.brake, segments, cost: cost ?? '' };
  return { codes: [EXIT.no], findings: [{ code, args }] };
}
