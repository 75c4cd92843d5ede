import { createHmac } from 'node:crypto';
import type { LinkKeys } from '../../src/core/start-payload.ts';

/** A keyring in memory; each number's key is the number itself, so that unlike installations are made by `salt`. */
export function makeKeys(numbers: readonly number[], salt = ''): LinkKeys {
  return {
    current: Math.max(...numbers),
    mac: (key, bytes) => (numbers.includes(key) ? createHmac('sha256', `${salt}key ${key}`).update(bytes).digest() : null),
  };
}
