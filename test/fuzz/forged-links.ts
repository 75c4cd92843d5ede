import * as fc from 'fast-check';

import { makePayload, readPayload, verifyPayload } from '../../src/core/start-payload.ts';
import type { LinkPlace } from '../../src/core/start-payload.ts';
import { makeKeys } from '../support/link-keys.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BYTES = 27;
const LENGTH = 36;

/** Forgeries of one link: each bit, each other character at each place, the spellings of its end, and six of other origin. */
export const FORGERIES = BYTES * 8 + LENGTH * (ALPHABET.length - 1) + 6 + 6;

export interface LinkOf {
  readonly customer: string;
  readonly stranger: string;
  readonly bot: bigint;
  readonly epoch: number;
  readonly key: number;
}

export const links: fc.Arbitrary<LinkOf> = fc.record({
  customer: fc.uuid(),
  stranger: fc.uuid(),
  bot: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  epoch: fc.integer({ min: 1, max: 2 ** 32 - 2 }),
  key: fc.integer({ min: 1, max: 254 }),
});

/** Every forgery that opens somebody's account, by its text. */
export function forgeriesThatPass({ customer, stranger, bot, epoch, key }: LinkOf): readonly string[] {
  const place: LinkPlace = { keys: makeKeys([key]), botId: String(bot), epoch };
  const text = makePayload(customer, place);
  if (!opens(text, place)) return [`the true link ${text} is refused`];
  const bytes = Buffer.from(text, 'base64url');
  const flipped = Array.from({ length: BYTES * 8 }, (_none, bit) => {
    const forged = Buffer.from(bytes);
    forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return forged.toString('base64url');
  });
  const changed = Array.from(text, (own, at) =>
    ALPHABET.split('')
      .filter((char) => char !== own)
      .map((char) => text.slice(0, at) + char + text.slice(at + 1)),
  ).flat();
  const spelt = [`${text}=`, `${text}==`, `${text}A`, ` ${text}`, `${text}\n`, text.slice(0, -1)];
  const foreign = [
    makePayload(customer, { ...place, botId: String(bot + 1n) }),
    makePayload(customer, { ...place, botId: `${bot}0` }),
    makePayload(customer, { ...place, epoch: epoch - 1 }),
    makePayload(customer, { ...place, epoch: epoch + 1 }),
    makePayload(customer, { ...place, keys: makeKeys([key], 'another installation, ') }),
    makePayload(customer, { ...place, keys: makeKeys([key + 1]) }),
  ];
  // The tag of one customer under the name of another.
  const borrowed = Buffer.concat([bytes.subarray(0, 1), Buffer.from(stranger.replaceAll('-', ''), 'hex'), bytes.subarray(17)]).toString(
    'base64url',
  );
  return [...flipped, ...changed, ...spelt, ...foreign, ...(stranger === customer ? [] : [borrowed])].filter((forged) =>
    opens(forged, place),
  );
}

/** Only what was signed counts: a bare GUID is the former solution's link, which the settings allow or not. */
function opens(text: string, place: LinkPlace): boolean {
  const read = readPayload(text);
  return read.kind === 'signed' && verifyPayload(read, place).ok;
}
