import { EXIT } from '../../core/exit-code.ts';
import type { CustomerId } from '../../core/glossary.ts';
import { INVITATION_STATES } from '../../core/invitation.ts';
import type { InvitationState } from '../../core/invitation.ts';
import type { Desk } from '../../ports/desk.ts';
import type { Command, CommandCall } from '../command.ts';
import { findCustomers, readStoryKey } from '../customer-key.ts';
import { atDesk } from '../desk.ts';
import { readFlags } from '../flags.ts';
import { maskInvitation } from '../masked-invitation.ts';
import type { MaskedInvitation } from '../masked-invitation.ts';
import { CommandProblem } from '../problem.ts';
import { INVITATION_REASONS } from '../render/invitation-words.ts';
import { renderInvitations } from '../render/invitations.ts';
import { echo } from '../settings/echo.ts';
import { openSite } from '../site.ts';
import { zoneOf } from '../zone.ts';

const SHOWN = 50;

interface Wish {
  readonly states: readonly InvitationState[] | null;
  readonly reason: string | null;
  readonly customer: string | null;
  readonly limit: number;
}

/** `invitations`: who was invited, who was not and why, the newest first. */
export const invitations: Command = async (call) => {
  const wish = readWish(call);
  const site = await openSite(call, { token: true });
  return atDesk(call, site, async (desk) => {
    const customers = wish.customer === null ? null : await customersOf(desk, wish.customer);
    const shown: MaskedInvitation[] = [];
    for (const { botId } of site.bots) {
      const { states, reason, limit } = wish;
      const found = await desk.listInvitations({ botId, states, reason, customers, limit });
      shown.push(...found.map((story) => maskInvitation(botId, story, site.language)));
    }
    return {
      code: EXIT.done,
      text: renderInvitations(shown, { language: site.language, zone: zoneOf(site.tasks) }),
      json: { schema: 1, command: 'invitations', exitCode: EXIT.done, invitations: shown },
    };
  });
};

function readWish(call: CommandCall): Wish {
  const flags = readFlags(call.flags);
  const state = flags.text('state');
  const reason = flags.text('reason');
  const limit = flags.count('limit', { min: 1, max: 10_000 }) ?? SHOWN;
  if (reason !== null && !INVITATION_REASONS.includes(reason))
    flags.problem({ code: 'reason_unknown', args: { value: echo(reason), known: INVITATION_REASONS.join(', ') } });
  flags.check();
  const states = INVITATION_STATES.filter((known) => known === state);
  return { states: state === null ? null : states, reason, customer: flags.text('customer'), limit };
}

async function customersOf(desk: Desk, written: string): Promise<readonly CustomerId[]> {
  const found = await findCustomers(desk, readStoryKey(written));
  if (found.length === 0) throw new CommandProblem(EXIT.no, [{ code: 'customer_unknown', args: { value: echo(written) } }]);
  return found.map(({ id }) => id);
}
