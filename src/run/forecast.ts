import type { ExitCode } from '../core/exit-code.ts';
import type { InvitationSkip } from '../core/invitation.ts';
import { budgetPeriods } from '../core/invite-hours.ts';
import type { Finding } from '../core/settings.ts';
import type { GatewayName } from '../core/sms-outcome.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { InvitationReader, InviteeLook } from '../ports/invitations.ts';
import type { PlanReader } from '../ports/plan.ts';
import { brakeFinding, countAll } from './invite-weigh.ts';
import { inviteeQuery, segmentsOf } from './inviting.ts';
import type { InvitingTask, OpenGateway } from './inviting.ts';
import type { RunRequest } from './request.ts';

/** The bill of a task's invitations before it is spent, if the run came now. */
export interface ForecastSum {
  readonly taskId: string;
  readonly operator: GatewayName;
  readonly texts: number;
  readonly segments: number;
  /** Roubles, decimal text; null = nobody knows the price. */
  readonly cost: string | null;
  /** Whose word the price is: the operator's own, or that of the settings. */
  readonly pricedBy: 'operator' | 'settings' | null;
  /** Of the texts: those that wait for the morning. */
  readonly held: number;
  readonly skipped: Readonly<Partial<Record<InvitationSkip, number>>>;
  /** Without a yes none of them would be planned. */
  readonly braked: boolean;
  /** Segments spent already, by all tasks of the bot. */
  readonly spent: { readonly day: number; readonly month: number };
  /** Planned by earlier runs and not yet sent, by all tasks of the bot. */
  readonly waiting: { readonly texts: number; readonly segments: number };
  /** The first cap that these and the waiting ones don't fit into; what is left waits for budget. */
  readonly cap: 'run' | 'day' | 'month' | null;
}

export interface Forecast {
  readonly sum: ForecastSum;
  readonly codes: readonly ExitCode[];
  readonly findings: readonly Finding[];
}

export interface ForecastApp {
  readonly reader: Pick<PlanReader, 'readClock'> & InvitationReader;
  /** Null: nobody outside is asked, and the settings' price stands. */
  readonly openGateway: OpenGateway | null;
}

/**
 * Weighs everybody whom the run would weigh, page by page, and counts. Only the operator's price is asked outside, which sends nothing; the bot's name
 * isn't, so it is taken to have 20 characters. Whom a limit of notices leaves unplanned the run doesn't weigh, so here too the look ends there.
 */
export async function forecastInvitations(
  app: ForecastApp,
  request: RunRequest,
  { task, look }: { readonly task: InvitingTask; readonly look: InviteeLook },
): Promise<Forecast> {
  const { reader } = app;
  const { now, wallNow } = await reader.readClock();
  const gateways: Gateway[] = [];
  let told = false;
  const costs = new Map<string, string | null>();
  const readCost: Gateway['readCost'] = async (sms) => {
    if (app.openGateway === null) return { answer: 'unsupported' };
    const [gateway = app.openGateway(task.sms)] = gateways;
    if (gateways.length === 0) gateways.push(gateway);
    const answer = await gateway.readCost(sms);
    told ||= answer.answer === 'cost';
    return answer;
  };
  try {
    const counted = await countAll(reader, {
      task,
      query: { ...inviteeQuery(task, request), look },
      weighing: { settings: task, now, wallNow, segments: segmentsOf(task, null) },
      inviting: { costs },
      gateway: () => ({ readCost }),
      username: null,
      signal: new AbortController().signal,
    });
    const { day, month, waiting, waitingSegments } = await reader.readSpent(request.botId, budgetPeriods(now, task.zone));
    const braked = counted.planned > task.sms.brake && !request.yes;
    const wanted = waitingSegments + (braked ? 0 : counted.segments);
    const report = braked ? brakeFinding('sms_brake_ahead', task, counted) : { codes: [], findings: [] };
    const { planned, segments, cost, held, skipped } = counted;
    const pricedBy = cost === null ? null : told ? 'operator' : 'settings';
    const sum: ForecastSum = {
      taskId: task.id,
      operator: task.sms.operator,
      texts: planned,
      segments,
      cost,
      pricedBy,
      held,
      skipped,
      braked,
      spent: { day, month },
      waiting: { texts: waiting, segments: waitingSegments },
      cap: firstCap(task, wanted, { day, month }),
    };
    return { sum, ...report };
  } finally {
    for (const gateway of gateways) gateway.close();
  }
}

function firstCap({ sms }: InvitingTask, wanted: number, spent: ForecastSum['spent']): ForecastSum['cap'] {
  const { run, day, month } = sms.caps;
  const left = { run, day: day - spent.day, month: month - spent.month };
  const tight = (['run', 'day', 'month'] as const).filter((cap) => wanted > left[cap]);
  return tight.toSorted((a, b) => left[a] - left[b])[0] ?? null;
}
