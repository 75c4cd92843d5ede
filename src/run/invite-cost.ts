import type { Language } from '../core/glossary.ts';
import { sampleInvitation } from '../core/invitation-text.ts';
import { timesRoubles } from '../core/invited-sum.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { Inviting, InvitingTask } from './inviting.ts';

interface Asked {
  readonly segments: number;
  readonly language: Language;
  /** Of whoever is invited first: what it costs depends on the guest's own operator, so this is an estimate for all. */
  readonly number: string;
  readonly username: string | null;
}

/**
 * Price of an SMS of so many segments in roubles, decimal text: the operator's own word where it has a method for it, asked once per count of
 * segments and process, else the price of the settings. It sends nothing; null = nobody knows.
 */
export async function learnCost(
  inviting: Pick<Inviting, 'costs'>,
  gateway: Pick<Gateway, 'readCost'>,
  { task, asked }: { readonly task: InvitingTask; readonly asked: Asked },
): Promise<string | null> {
  const { segments, language, number, username } = asked;
  const known = knownCost(inviting, task, segments);
  if (known !== undefined) return known;
  const { sms, restaurant } = task;
  const text = sampleInvitation({ texts: sms.text, language, restaurant: restaurant.name }, username);
  const answer = await gateway.readCost({ number, text });
  const cost = answer.answer === 'cost' ? answer.roubles : priceOf(task, segments);
  inviting.costs.set(keyOf(task, segments), cost);
  return cost;
}

/** Undefined = not asked yet. */
export function knownCost({ costs }: Pick<Inviting, 'costs'>, task: InvitingTask, segments: number): string | null | undefined {
  return costs.get(keyOf(task, segments));
}

export function priceOf({ sms }: InvitingTask, segments: number): string | null {
  return sms.price === null ? null : timesRoubles(sms.price, segments);
}

function keyOf({ id }: InvitingTask, segments: number): string {
  return `${segments} ${id}`;
}
