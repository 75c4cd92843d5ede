import { createMask } from './hide-secrets.ts';

/** Shorter ones stand in half of all texts, and protect nothing. */
const SHORTEST = 4;
/** All that were ever made in this process: the last words of a fault, of whose making nobody knows, are searched for them. */
const MADE = new Set<string>();

/** A value that no log, error, report or JSON can show: every usual way of printing it gives asterisks. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    for (const part of partsOf(value)) if (part.length >= SHORTEST) MADE.add(part);
  }

  /** The value itself; call it only where it goes onto the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

/** A text that came from anywhere, without any secret of this process. */
export function withoutSecrets(text: string): string {
  return createMask([...MADE])(text);
}

/** What is secret of a value beside the whole: a bot's token without its number, the password of an address. */
function partsOf(value: string): readonly string[] {
  const token = /^\d+:([\w-]{30,})$/u.exec(value)?.[1];
  const word = /^[a-z][a-z\d+.-]*:\/\/[^/@\s]*?:([^/@\s]*)@/iu.exec(value)?.[1];
  return [value, ...(token === undefined ? [] : [token]), ...(word === undefined ? [] : [word, decoded(word)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
