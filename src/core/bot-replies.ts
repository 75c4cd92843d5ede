import { BOT_TEXTS } from './bot-texts.ts';
import type { BotTexts } from './bot-texts.ts';
import type { AccountTypeId, CustomerId, Language, Money, WallTime } from './glossary.ts';
import type { GuestReply } from './guest-reply.ts';
import { cutText, escapeHtml, headOf, visibleLength } from './html.ts';
import type { LinkRefusal } from './link.ts';
import { forDisplay, isolate, oneLine, plainText } from './multilingual.ts';
import { isTellable } from './operation.ts';
import type { Operation } from './operation.ts';
import type { TaskSettings, Unit } from './settings.ts';
import { formatAmount, unitOf } from './unit.ts';
import { dateForGuest } from './wall-time.ts';

/** One account as the bot shows it; `balance` null where the history is too long or locked. */
export interface ShownAccount {
  readonly customerId: CustomerId;
  readonly accountTypeId: AccountTypeId;
  readonly accountType: string;
  readonly balance: Money | null;
}

/** What a reply is made of besides its kind. Only `customerIds` are shown, whatever else the records hold. */
export interface ReplyContext {
  readonly language: Language;
  readonly restaurant: TaskSettings['restaurant'];
  readonly units: readonly Unit[];
  /** Customers the chat holds an active subscription of at this moment. */
  readonly customerIds: readonly CustomerId[];
  readonly accounts: readonly ShownAccount[];
  readonly newest: readonly Operation[];
  /** Database's wall clock: dates of its year are shown without the year. */
  readonly wallNow: WallTime;
}

/** A chat with more customers than this sees the first ones. */
export const SHOWN_CUSTOMERS = 10;
const SHOWN_ACCOUNTS = 10;
const NAME_LENGTH = 60;
const RESTAURANT_LENGTH = 120;
const CONTACT_LENGTH = 300;
const AMOUNT_LENGTH = 60;
/** Leaves room for the words around them within Telegram's 4,096. */
const BALANCES_LENGTH = 2500;

/** The HTML of a reply, always within a message's limit; null when it would be untrue by now: its chat holds none of the customers any more. */
export function composeReply(reply: GuestReply, context: ReplyContext): string | null {
  const texts = BOT_TEXTS[context.language];
  const restaurant = show(context.restaurant.name, context.language, RESTAURANT_LENGTH);
  const contact = show(context.restaurant.contact, context.language, CONTACT_LENGTH);
  switch (reply.kind) {
    case 'welcome':
    case 'already':
    case 'balance': {
      const customers = reply.customerIds.filter((id) => context.customerIds.includes(id));
      if (customers.length === 0) return null;
      const head = texts[reply.kind](restaurant);
      const accounts = balances(customers, context);
      return reply.kind === 'balance' ? join([head, accounts]) : join([head, '', accounts, '', texts.commands]);
    }
    case 'moved_away':
      return texts.movedAway(restaurant, contact);
    case 'stopped':
      return texts.stopped;
    case 'language':
      return texts.language;
    case 'help':
      return join(
        reply.subscribed
          ? [texts.help(restaurant), '', texts.commands, '', texts.ask(contact)]
          : [texts.helpStranger(restaurant), '', texts.ask(contact)],
      );
    case 'refused':
      return refusal(texts, reply.reason, contact);
  }
}

/** Who is refused learns nothing about any customer: only a link of ours that was used up is told from the rest. */
function refusal(texts: BotTexts, reason: LinkRefusal, contact: string): string {
  if (reason === 'group_chat') return texts.refusedGroup;
  return `${reason === 'old_epoch' ? texts.refusedUsed : texts.refused} ${texts.newLink(contact)}`;
}

/** Whole lines only, so that no tag is ever cut. */
function balances(customers: readonly CustomerId[], context: ReplyContext): string {
  const texts = BOT_TEXTS[context.language];
  const shown = customers.slice(0, SHOWN_CUSTOMERS);
  const all = shown.flatMap((customer, index) => [
    ...(index > 0 ? [''] : []),
    ...(shown.length > 1 ? [texts.member(index + 1)] : []),
    ...accountLines(customer, context),
  ]);
  const lines: string[] = [];
  let length = 0;
  for (const line of all) {
    length += visibleLength(line) + 1;
    if (length > BALANCES_LENGTH) break;
    lines.push(line);
  }
  return [...lines, ...(lines.length < all.length || shown.length < customers.length ? [texts.more] : [])].join('\n');
}

function accountLines(customer: CustomerId, { language, units, accounts, newest, wallNow }: ReplyContext): string[] {
  const texts = BOT_TEXTS[language];
  const own = accounts.filter((account) => account.customerId === customer);
  const last = newest.find((operation) => operation.customerId === customer);
  const amount = (money: Money, type: AccountTypeId, sign: 'minus' | 'always'): string =>
    escapeHtml(cutText(formatAmount(money, { unit: unitOf(units, type), language, sign }), AMOUNT_LENGTH));
  const lines = own
    .slice(0, SHOWN_ACCOUNTS)
    .map(({ accountType, accountTypeId, balance }) =>
      texts.account(show(accountType, language, NAME_LENGTH) || '—', balance === null ? null : amount(balance, accountTypeId, 'minus')),
    );
  if (own.length > SHOWN_ACCOUNTS) lines.push(texts.more);
  if (last !== undefined && isTellable(last)) {
    const when = dateForGuest(last.date, language, wallNow);
    lines.push(
      texts.lastOperation({
        when,
        accountType: show(last.accountType, language, NAME_LENGTH) || '—',
        amount: amount(last.sum, last.accountTypeId, 'always'),
      }),
    );
  }
  return lines.length > 0 ? lines : [texts.noAccounts];
}

/** A stored text as it may stand in HTML: one line of it, cleaned, cut, escaped. */
function show(stored: string, language: Language, longest: number): string {
  return escapeHtml(isolate(cutText(oneLine(forDisplay(headOf(plainText(stored, language), longest * 4))), longest)));
}

/** Lines without the empty ones at either end. */
function join(lines: readonly string[]): string {
  return lines.join('\n').trim();
}
