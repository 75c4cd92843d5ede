import { EXIT } from '../core/exit-code.ts';
import type { CustomerId } from '../core/glossary.ts';
import type { KnownCustomer } from '../core/subscriber.ts';
import type { Desk } from '../ports/desk.ts';
import { CommandProblem } from './problem.ts';
import { echo } from './settings/echo.ts';
import { guid } from './settings/values.ts';

/** What an administrator names a customer or an operation by: a GUID in any spelling, or a phone as it is written anywhere. */
export type StoryKey = { readonly kind: 'id'; readonly id: string } | { readonly kind: 'phone'; readonly phone: string };

const PHONE = /^[+\d\s()./\u2010-\u2015-]+$/u;
const FEWEST_DIGITS = 5;
const MOST_DIGITS = 15;
/** More customers of one phone than this are not worth listing: it is no phone but a placeholder. */
const MOST_CUSTOMERS = 50;

/** Throws CommandProblem(usage) for what is neither. */
export function readStoryKey(written: string): StoryKey {
  const answer = guid.safeParse(written);
  if (answer.success) return { kind: 'id', id: answer.data };
  const digits = written.replace(/\D/gu, '');
  if (PHONE.test(written.trim()) && digits.length >= FEWEST_DIGITS && digits.length <= MOST_DIGITS) return { kind: 'phone', phone: digits };
  throw new CommandProblem(EXIT.usage, [{ code: 'bad_key', args: { value: echo(written) } }]);
}

/** Customers under the key; with a GUID at most one. */
export async function findCustomers(desk: Desk, key: StoryKey): Promise<readonly KnownCustomer[]> {
  return desk.findCustomers(key.kind === 'id' ? { id: key.id } : { phone: key.phone }, MOST_CUSTOMERS);
}

/** The one customer under the key, or what to say to whoever asked. */
export async function findOneCustomer(
  desk: Desk,
  written: string,
): Promise<
  { readonly answer: 'one'; readonly customerId: CustomerId } | { readonly answer: 'several'; readonly customers: readonly KnownCustomer[] }
> {
  const customers = await findCustomers(desk, readStoryKey(written));
  const [first] = customers;
  if (first === undefined) throw new CommandProblem(EXIT.no, [{ code: 'customer_unknown', args: { value: echo(written) } }]);
  return customers.length === 1 ? { answer: 'one', customerId: first.id } : { answer: 'several', customers };
}
