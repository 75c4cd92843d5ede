import { readCommand } from '../core/bot-command.ts';
import type { BotId, ChatId, Instant, WallTime } from '../core/glossary.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import { readPayload } from '../core/start-payload.ts';
import type { LinkKeys } from '../core/start-payload.ts';
import { judgeUpdates } from '../core/subscription.ts';
import type { JudgedUpdates } from '../core/subscription.ts';
import { addCounts } from '../core/counts.ts';
import type { PulledSum } from '../core/summary.ts';
import type { Update } from '../core/update.ts';
import type { Channel, PullAnswer } from '../ports/channel.ts';
import type { Clock } from '../ports/host.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RunApp } from './context.ts';
import { reply } from './reply.ts';
import type { ReplyApp, Replying, SendReply } from './reply.ts';

/** Telegram makes a poll with the same offset wait when it comes sooner after the last. */
export const ANTI_SPIN_MS = 4_000;
/** What isn't fetched within this time is gone, so an older offset confirms nothing; by then ids may even have been dealt anew. */
const KEPT_MS = 24 * 3_600_000;
/** A page shorter than this was the last one. */
const PAGE_LENGTH = 100;
/** The rest of a flood waits for the next run. */
const MOST_PAGES = 1_000;
/** More missing ids than this are Telegram's own doing: after a quiet week it goes on from a random number. */
const WIDEST_GAP = 10_000;
/** So many chats with links that aren't ours: another installation makes links to this bot. */
const MANY_FORGERS = 3;

export interface PullTurn {
  readonly botId: BotId;
  /** Where the last poll left off: the opened run's, or what an earlier pull of this run returned. */
  readonly since: { readonly offset: number | null; readonly polledAt: Instant | null };
  /** The database's clocks at this moment. */
  readonly now: Instant;
  readonly wallNow: WallTime;
  readonly settings: Pick<TaskSettings, 'restaurant' | 'guests' | 'subscriptions' | 'notice'>;
  /** Sends one reply within the limits; null = nothing is answered (paused). */
  readonly send: SendReply | null;
  /** Replies given in this run of which one is enough; grows. */
  readonly answered: Set<string>;
}

/**
 * all: everything pending is saved · partly: more is waiting (stopped, or too much for one run) · skipped: polled a moment ago · the rest is
 * Telegram's answer; pages before it are saved · lock_lost: nothing more may be written.
 */
export type Pulled = 'all' | 'partly' | 'skipped' | 'unreachable' | 'conflict' | 'unusable' | 'limited' | 'lock_lost';

export interface Subscribed {
  readonly pulled: Pulled;
  /** unreachable, unreadable, server, repeating · webhook, second_reader · unauthorized, malformed, filtered · limited. */
  readonly why: string | null;
  readonly detail: string | null;
  /** A 429, met by the poll or by a reply: no call before. */
  readonly quietUntil: Instant | null;
  readonly since: PullTurn['since'];
  readonly sum: PulledSum;
  readonly replies: Pick<Replying, 'sent' | 'refused' | 'left'>;
  readonly findings: readonly Finding[];
}

export interface SubscribeApp extends ReplyApp, Pick<RunApp, 'journal' | 'progress'> {
  readonly ledger: Pick<Ledger, 'findSubscribers' | 'readAccounts' | 'saveUpdates' | 'savePoll'>;
  readonly channel: Pick<Channel, 'pull'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly keys: LinkKeys;
}

/** The pull as it goes. */
interface Pulling {
  readonly app: SubscribeApp;
  readonly turn: PullTurn;
  /** Monotonic time of its beginning. */
  readonly began: number;
  polledAt: Instant | null;
  polls: number;
  offset: number | null;
  updates: number;
  lastSeen: number | null;
  sum: Omit<PulledSum, 'answer'>;
  readonly forgers: Set<ChatId>;
  readonly replying: Replying;
  readonly findings: Finding[];
}
type End = Pick<Subscribed, 'pulled' | 'why' | 'detail'> & { readonly until: Instant | null };

/**
 * Learns who subscribed: page by page, each judged, made durable and only then answered. The offset that is saved with a page goes to
 * Telegram with the next getUpdates, so nothing is confirmed before it can't be lost.
 */
export async function subscribe(app: SubscribeApp, turn: PullTurn): Promise<Subscribed> {
  const { polledAt } = turn.since;
  const pulling: Pulling = {
    app,
    turn,
    began: app.clock.monotonic(),
    polledAt,
    polls: 0,
    offset: polledAt !== null && turn.now - polledAt > KEPT_MS ? null : turn.since.offset,
    updates: 0,
    lastSeen: null,
    sum: { subscribed: 0, moved: 0, stopped: 0, blocked: 0, back: 0, refused: {} },
    forgers: new Set(),
    replying: { sent: 0, refused: 0, left: 0, quietUntil: null, halted: false },
    findings: [],
  };
  if (polledAt !== null && Math.abs(turn.now - polledAt) < ANTI_SPIN_MS) return tell(pulling, ended('skipped'));
  const end = await pullPages(pulling);
  const stamped = end.pulled === 'lock_lost' || pulling.polls === 0 ? 'saved' : await app.ledger.savePoll();
  const told = tell(pulling, stamped === 'lock_lost' ? ended('lock_lost') : end);
  app.journal[told.why === null ? 'tell' : 'warn']('pulled', {
    ...told.sum,
    why: told.why,
    updates: pulling.updates,
    replies: told.replies,
  });
  return told;
}

async function pullPages(pulling: Pulling): Promise<End> {
  const { app, turn } = pulling;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    if (app.signal.aborted) return ended('partly');
    const answer = await app.channel.pull(pulling.offset);
    if (answer.answer !== 'updates') return endBy(answer);
    pulling.polls += 1;
    pulling.polledAt = turn.now + app.clock.monotonic() - pulling.began;
    const { updates } = answer;
    const last = updates.at(-1);
    if (last === undefined) return ended('all');
    if (page === 0) findGap(pulling, updates);
    // Whatever answers the same page twice doesn't look at the offset: something in between answers in Telegram's place.
    if (last.updateId === pulling.lastSeen) return { ...ended('unreachable'), why: 'repeating', detail: 'the same updates came twice' };
    if ((await takePage(pulling, { updates, lastId: last.updateId })) === 'lock_lost') return ended('lock_lost');
    if (updates.length < PAGE_LENGTH) return ended('all');
  }
  return ended('partly');
}

async function takePage(
  pulling: Pulling,
  page: { readonly updates: readonly Update[]; readonly lastId: number },
): Promise<'saved' | 'lock_lost'> {
  const { app, turn } = pulling;
  const { updates, lastId } = page;
  const judged = await judge(app, turn, updates);
  const { subscriptions, chats, refused } = judged;
  // The last id as it came, plus one: ids may start anew from a lower number, so there is nothing to compare.
  const offset = lastId + 1;
  if ((await app.ledger.saveUpdates({ offset, subscriptions, chats, refused })) === 'lock_lost') return 'lock_lost';
  pulling.offset = offset;
  pulling.lastSeen = lastId;
  pulling.updates += updates.length;
  pulling.sum = addJudged(pulling.sum, judged.counts);
  for (const { reason, chatId } of refused) if (reason === 'forged') pulling.forgers.add(chatId);
  app.progress({ step: 'pull', done: pulling.updates, of: null });
  await reply(app, { ...turn, replies: judged.replies, replying: pulling.replying });
  return 'saved';
}

/** Asks the ledger about all that the page names, in one call. */
async function judge(app: SubscribeApp, turn: PullTurn, updates: readonly Update[]): Promise<JudgedUpdates> {
  const { legacyLinksUntil } = turn.settings.subscriptions;
  const chats = new Set<ChatId>();
  const customers = new Set<string>();
  for (const update of updates) {
    if (update.kind === 'other' || update.chatType !== 'private') continue;
    chats.add(update.chatId);
    const customer = update.kind === 'message' ? namedCustomer(update.text) : null;
    if (customer !== null) customers.add(customer);
  }
  const known = chats.size === 0 ? { customers: [], chats: [] } : await app.ledger.findSubscribers([...customers], [...chats]);
  const legacyAllowed = legacyLinksUntil !== null && turn.wallNow < legacyLinksUntil;
  return judgeUpdates({ updates, known, keys: app.keys, botId: turn.botId, legacyAllowed, answered: turn.answered });
}

function namedCustomer(text: string): string | null {
  const command = readCommand(text);
  if (command.command !== 'start' || command.payload === null) return null;
  const read = readPayload(command.payload);
  return read.kind === 'malformed' ? null : read.customerId;
}

/** Updates that came since the last poll are younger than a day: if the first ones are missing, somebody else has taken them. */
function findGap(pulling: Pulling, updates: readonly Update[]): void {
  const first = updates[0]?.updateId;
  if (pulling.offset === null || pulling.turn.since.polledAt === null || first === undefined) return;
  const missing = first - pulling.offset;
  if (missing > 0 && missing <= WIDEST_GAP) pulling.findings.push({ code: 'updates_gap', args: { missing } });
}

function addJudged(sum: Omit<PulledSum, 'answer'>, counts: JudgedUpdates['counts']): Omit<PulledSum, 'answer'> {
  return {
    subscribed: sum.subscribed + counts.subscribed,
    moved: sum.moved + counts.moved,
    stopped: sum.stopped + counts.stopped,
    blocked: sum.blocked + counts.blocked,
    back: sum.back + counts.back,
    refused: addCounts(sum.refused, counts.refused) as Record<string, number>,
  };
}

function ended(pulled: Pulled): End {
  return { pulled, why: null, detail: null, until: null };
}

function endBy(answer: Exclude<PullAnswer, { answer: 'updates' }>): End {
  switch (answer.answer) {
    case 'limited':
      return { ...ended('limited'), why: 'limited', until: answer.until };
    case 'conflict':
    case 'unusable':
      return { ...ended(answer.answer), why: answer.why, detail: answer.detail };
    default:
      return { ...ended('unreachable'), why: answer.answer, detail: answer.detail };
  }
}

function tell(pulling: Pulling, end: End): Subscribed {
  const { sent, refused, left, quietUntil } = pulling.replying;
  const forged: Finding[] = pulling.forgers.size >= MANY_FORGERS ? [{ code: 'links_forged', args: { chats: pulling.forgers.size } }] : [];
  return {
    pulled: end.pulled,
    why: end.why,
    detail: end.detail,
    quietUntil: end.until ?? quietUntil,
    since: { offset: pulling.updates > 0 ? pulling.offset : pulling.turn.since.offset, polledAt: pulling.polledAt },
    sum: { answer: end.pulled, ...pulling.sum },
    replies: { sent, refused, left },
    findings: [...pulling.findings, ...forged],
  };
}
