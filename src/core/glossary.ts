/**
 * The words of this program, used alike in code, SQL, log keys and help.
 *
 * operation      a row of Tillypad's `tp_ClientPurseOperations`: one movement on a customer's account
 * customer       a regular customer («постоянный клиент»)
 * invitation     the SMS that invites a customer to subscribe
 * gateway        an SMS operator
 * subscription   customer ↔ chat; a chat may hold several customers, a customer has one chat
 * start payload  what follows `?start=` in a personal link
 * notice         the text that tells one or more operations of one customer
 * delivery       the ledger's row: one operation's way to one customer
 * attempt        one call to the channel; the rows of a digest share it
 * outcome        what became of an attempt: delivered | refused | retry | in_doubt
 * verdict        what the plan says of an operation: planned | skipped(reason)
 * ledger         the journal of deliveries
 * run            one execution under the bot's lock
 * word           a row that asks the lock's holder to look again
 * look           one pass over the operations: first, hot, overlap, deep, since
 * watermark      where a task's search starts
 * finding        something a person should know; advice is what to do about it
 */

/** Lower-case GUID text; compared and ordered as text on both engines. */
export type OperationId = string;
export type CustomerId = string;
export type AccountTypeId = string;
export type CustomerGroupId = string;
/** Telegram's chat id as decimal text: it does not fit 32 bits, and a double is no place for an id. */
export type ChatId = string;
/** The number before the colon of a bot's token. */
export type BotId = string;
/** The key under `tasks` in the settings, or Tillypad's task id. */
export type TaskId = string;
/** Random GUID of one execution. */
export type RunId = string;
/** Money in 1/10,000 of the account's unit, as `numeric(18,4)` holds it. */
export type Money = bigint;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;
/** `YYYY-MM-DD HH:MM:SS.mmm`: the database server's wall clock, without a zone; never converted. */
export type WallTime = string;
/** What guests and administrators can be spoken to in. */
export type Language = 'ru' | 'en';

export const LANGUAGES: readonly Language[] = ['ru', 'en'];

/** Why an operation ended without a notice. Kept in the ledger and shown by `explain`. */
export const SKIP_REASONS = ['not_subscribed', 'suspended', 'opted_out', 'too_old', 'removed', 'late', 'marked'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** The states of a delivery. Final: delivered, refused, skipped. */
export const DELIVERY_STATES = ['planned', 'sending', 'delivered', 'refused', 'in_doubt', 'skipped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/**
 * The states of a subscription.
 * suspended: Telegram says the bot is blocked (comes back when unblocked) · stopped: the guest said /stop ·
 * cleared: staff emptied the mirrored note.
 */
export const SUBSCRIPTION_STATES = ['active', 'suspended', 'stopped', 'cleared'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** How a chat came to a customer: a verified link, the former solution's bare link, or a filled note. */
export type SubscriptionOrigin = 'link' | 'legacy' | 'note';
