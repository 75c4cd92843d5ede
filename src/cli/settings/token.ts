import type { BotId } from '../../core/glossary.ts';
import type { Secret } from '../../core/secret.ts';

/** BotFather gives a number, a colon and 35 characters; the length isn't promised, so it is taken widely. */
const TOKEN = /^([1-9]\d{0,18}):[\w-]{30,80}$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The number before the colon of a bot's token; null where no token is set. */
export function botIdOf(token: Secret): BotId | null {
  return TOKEN.exec(token.reveal())?.[1] ?? null;
}
