import { fail, succeed } from './answers.ts';
import type { Answer } from '../answer.ts';
import { integerOf, textOf } from '../arguments.ts';
import type { Bot, Waiting } from './bots.ts';
import type { MethodCall } from './world.ts';

const LONGEST_POLL_S = 50;
const WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const OTHER_READER = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
const WEBHOOK_SET = 'Conflict: terminated by setWebhook request';
const ANY = { missing: 0, least: -(2 ** 31), most: 2 ** 31 - 1 };

/** As telegram-bot-api does it (Client.cpp, process_get_updates_query and do_get_updates). */
export async function getUpdates(call: MethodCall): Promise<Answer> {
  const { bot } = call;
  if (bot.webhook.url !== null) return conflict(call, WEBHOOK_ACTIVE);
  const kinds = readKinds(textOf(call.arguments, 'allowed_updates'));
  if (kinds !== null) bot.updates.allow(kinds);

  const offset = integerOf(call.arguments, 'offset', ANY);
  const { limit, timeout } = slowDown(bot, offset, {
    now: call.world.presence.monotonic(),
    limit: integerOf(call.arguments, 'limit', { missing: 100, least: 1, most: 100 }),
    timeout: integerOf(call.arguments, 'timeout', { missing: 0, least: 0, most: LONGEST_POLL_S }),
  });
  const first = bot.updates.take(offset, limit);
  if (first.updates.length > 0 || timeout === 0) return succeed(`[${first.updates.join(',')}]`);

  // Only a reader that has to wait turns the one before out: two that never wait take updates from each other unnoticed.
  bot.waiting?.end('other_reader');
  const why = await waitForUpdates(call, timeout * 1_000);
  if (why === 'other_reader') return conflict(call, OTHER_READER);
  if (why === 'webhook') return conflict(call, WEBHOOK_SET);
  return succeed(`[${bot.updates.take(first.offset, limit).updates.join(',')}]`);
}

/** Who asks for the same offset again and again is made to wait, and then gets one update at a time. */
function slowDown(
  bot: Bot,
  offset: number,
  { now, limit, timeout }: { now: number; limit: number; timeout: number },
): { readonly limit: number; readonly timeout: number } {
  const since = bot.lastPoll.offset === offset ? now - bot.lastPoll.at : Infinity;
  bot.lastPoll = { offset, at: now };
  return { limit: since < 500 ? 1 : limit, timeout: since < 3_000 ? Math.max(timeout, 3) : timeout };
}

async function waitForUpdates({ bot, gone, park }: MethodCall, ms: number): Promise<Parameters<Waiting['end']>[0] | null> {
  const ended = new AbortController();
  let why: Parameters<Waiting['end']>[0] | null = null;
  const leave = (): void => {
    if (bot.waiting === waiting) bot.waiting = null;
    ended.abort();
  };
  const waiting: Waiting = {
    end: (reason) => {
      why = reason;
      leave();
    },
  };
  bot.waiting = waiting;
  const left = gone();
  left.addEventListener('abort', leave, { once: true });
  if (left.aborted) leave();
  await park(ms, ended.signal);
  leave();
  return why;
}

/** The first conflict is told at once, further ones within three seconds of it three seconds late. */
async function conflict({ bot, world, park }: MethodCall, description: string): Promise<Answer> {
  const now = world.presence.monotonic();
  if (now >= bot.nextConflictAt) bot.nextConflictAt = now + 3_000;
  else await park(3_000, world.stopped);
  return fail(409, description);
}

/** Null = not said, or not understood: what held before stays. */
function readKinds(text: string): readonly string[] | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    const names = Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : null;
    return names?.map((name) => name.toLowerCase()) ?? null;
  } catch {
    return null;
  }
}
