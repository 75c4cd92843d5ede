import type { InvitedSum } from '../core/invited-sum.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { HeldRun, RunApp } from './context.ts';

/** What became of an SMS is told within days; after that nobody asks any more. */
const ASKED_FOR_MS = 3 * 86_400_000;

/** Asks once a run, in one query, what became of SMS accepted before. It keeps nobody from being invited: a failure is for the log. */
export async function readStatuses(
  app: Pick<RunApp, 'ledger' | 'journal'>,
  held: Pick<HeldRun, 'inviting'>,
  { open: openLine, operator }: { readonly open: () => Gateway; readonly operator: Gateway['name'] },
): Promise<Partial<InvitedSum> | 'lock_lost'> {
  if (held.inviting.statusesAsked.has(operator) || held.inviting.ended.has(operator)) return {};
  held.inviting.statusesAsked.add(operator);
  const { now } = await app.ledger.readClock();
  const [any] = await app.ledger.readOpenInvitations(operator, now - ASKED_FOR_MS, 1);
  if (any === undefined) return {};
  const line = openLine();
  const open = await app.ledger.readOpenInvitations(operator, now - ASKED_FOR_MS, line.statusesAtOnce);
  const rows = new Map(open.map(({ gatewayId, row }) => [gatewayId, row]));
  const answer = await line.readStatuses([...rows.keys()]);
  if (answer.answer !== 'statuses') {
    app.journal.warn('statuses', { operator, answer: answer.answer });
    return {};
  }
  const statuses = answer.statuses.flatMap((status) => {
    const row = rows.get(status.gatewayId);
    return row === undefined ? [] : [{ ...status, row }];
  });
  if ((await app.ledger.saveStatuses(statuses)) === 'lock_lost') return 'lock_lost';
  const count = (wanted: string): number => statuses.filter(({ status }) => status === wanted).length;
  app.journal.tell('statuses', { operator, asked: open.length, delivered: count('delivered'), undelivered: count('undelivered') });
  return { delivered: count('delivered'), undelivered: count('undelivered') };
}
