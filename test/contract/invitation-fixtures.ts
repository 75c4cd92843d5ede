import { expect } from 'vitest';
import type { FinishedInvitation, Invitee, InvitationsAnswer, WeighedInvitation } from '../../src/ports/invitations.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { NewCustomer, Site } from './engine.ts';
import { BOT, HOUR, planChunk, query, TASK } from './fixtures.ts';

export const NOTE_TYPE = 'chat_ID в Telegram';
export const EVERYBODY = { botId: BOT, taskId: TASK, noteType: NOTE_TYPE, consent: { kind: 'none' }, customers: null, look: null } as const;
export const ACCEPTED = { outcome: 'accepted', gatewayId: 'g-1', segments: 2, cost: '5.20', warning: null, detail: 'ok' } as const;

/** An unsubscribed guest with an operation, planned by a look that invites. */
export async function addAsking(site: Site, ledger: Ledger, customer: NewCustomer = { phones: ['+7 916 123-45-67'] }) {
  const id = await site.addCustomer(customer);
  const [operation = ''] = await site.addOperations([{ customer: id, date: site.wall(-HOUR) }]);
  await planChunk(ledger, query(site, { inviting: true }));
  return { customer: id, operation };
}

export async function inviteesOf(ledger: Pick<Ledger, 'readInvitees'>, change: Partial<Parameters<Ledger['readInvitees']>[0]> = {}) {
  return ledger.readInvitees({ ...EVERYBODY, ...change }, { after: null, limit: 500 });
}

export async function onlyInvitee(
  ledger: Pick<Ledger, 'readInvitees'>,
  change: Partial<Parameters<Ledger['readInvitees']>[0]> = {},
): Promise<Invitee> {
  const { invitees, total } = await inviteesOf(ledger, change);
  expect([invitees.length, total]).toEqual([1, 1]);
  const [invitee] = invitees;
  if (invitee === undefined) throw new Error('nobody');
  return invitee;
}

export function weighed(
  who: { readonly customer: string; readonly operation: string },
  change: { readonly segments?: number; readonly notBefore?: number | null } = {},
): WeighedInvitation {
  const { segments = 2, notBefore = null } = change;
  return {
    taskId: TASK,
    customerId: who.customer,
    operationId: who.operation,
    verdict: 'planned',
    number: '79161234567',
    gateway: 'smsru',
    segments,
    cost: '5.20',
    notBefore,
  };
}

export const CAPS = { run: 400, day: 200, month: 3_000, dayFrom: 0, monthFrom: 0 };
type Advance = Parameters<Ledger['advanceInvitations']>[0];
type ClaimedSms = Extract<InvitationsAnswer, { answer: 'claimed' }>;
let claims = 0;

export async function advanceSms(ledger: Ledger, change: Partial<Advance> = {}): Promise<ClaimedSms> {
  claims += 1;
  const answer = await ledger.advanceInvitations({
    claimId: `sms-${claims}`,
    finished: [],
    want: 1,
    tasks: [TASK],
    customers: null,
    caps: CAPS,
    noteType: NOTE_TYPE,
    consent: { kind: 'none' },
    ...change,
  });
  if (answer.answer === 'lock_lost') throw new Error('lock_lost');
  return answer;
}

export function ended(row: number, result: FinishedInvitation['result'], change: Partial<FinishedInvitation> = {}): FinishedInvitation {
  return { row, gateway: 'smsru', number: '79161234567', segments: 2, text: 'Пенка: https://t.me/x', result, notBefore: null, ...change };
}

/** A guest whose invitation is `sending`. */
export async function claimOne(site: Site, ledger: Ledger) {
  const guest = await addAsking(site, ledger);
  await ledger.saveInvitations([weighed(guest)]);
  const { invitations } = await advanceSms(ledger);
  const [claimed] = invitations;
  if (claimed === undefined) throw new Error('nothing was claimed');
  return { ...guest, ...claimed };
}

export async function invitationFates(site: Site): Promise<readonly string[]> {
  return (await site.invitations()).map(({ state, reason }) => (reason === null ? state : `${state}(${reason})`));
}
