import type { BotId, CustomerId } from './glossary.ts';

/**
 * What stands behind `?start=` in a personal link, 27 bytes as 36 characters of base64url:
 *
 *   key number   1 byte, 1 to 255
 *   customer    16 bytes, the GUID's hex digits in the order of its text
 *   tag         10 bytes, the first of HMAC-SHA-256(key, message)
 *
 *   message = "tp-tg-notify start payload 1" 00 | key number (1) | customer (16) | epoch (4, big-endian) | bot id (ASCII digits)
 *
 * Only the bot id has no fixed length and it comes last, so no two links share a message; the words at its head keep the key's other
 * uses apart. 27 bytes fill 36 characters without a spare bit: every payload has one spelling.
 */
export const PAYLOAD_LENGTH = 36;

/** The keys that sign links; the keyring is one. */
export interface LinkKeys {
  readonly current: number;
  /** HMAC-SHA-256 of `bytes` under the numbered key; null when there is no such key (any more). */
  mac(key: number, bytes: Uint8Array): Uint8Array | null;
}

/** A payload taken apart, nothing of it proven. */
export type ReadPayload =
  | { readonly kind: 'signed'; readonly keyNumber: number; readonly customerId: CustomerId; readonly tag: Uint8Array }
  /** The former solution's bare GUID. */
  | { readonly kind: 'legacy'; readonly customerId: CustomerId }
  | { readonly kind: 'malformed' };

/** Whose bot, and which epoch of the customer's subscription, a link is made for. */
export interface LinkPlace {
  readonly keys: LinkKeys;
  readonly botId: BotId;
  readonly epoch: number;
}

export type VerifiedPayload =
  | { readonly ok: true; readonly customerId: CustomerId }
  /** forged: not ours, or another bot's · old_epoch: ours, used up by a move · old_key: its key was revoked, so nobody can tell whose it was. */
  | { readonly ok: false; readonly reason: 'forged' | 'old_epoch' | 'old_key' };

const KEY_BYTES = 1;
const CUSTOMER_BYTES = 16;
const TAG_BYTES = 10;
/** How many former epochs an old link is looked for in: beyond, it counts as forged, and a flood of links stays cheap. */
const EPOCHS_TRIED = 64;

const DOMAIN = asciiBytes('tp-tg-notify start payload 1\0');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;
const BARE = /^[0-9a-f]{32}$/iu;

/** The payload of a customer's link under the current key. Throws for an id that is no GUID and for a keyring without its current key. */
export function makePayload(customerId: CustomerId, place: LinkPlace): string {
  if (!HYPHENATED.test(customerId)) throw new TypeError('a start payload needs a GUID');
  const tag = tagOf({ keyNumber: place.keys.current, customerId }, place);
  if (tag === null) throw new TypeError(`the keyring has no key ${place.keys.current}`);
  return encode([place.keys.current, ...guidBytes(customerId), ...tag]);
}

/** The personal link. With its scheme: not every phone makes a link of a bare `t.me/…` in an SMS. */
export function startLink(username: string, payload: string): string {
  return `https://t.me/${username}?start=${payload}`;
}

/** Takes a payload apart by its shape alone. */
export function readPayload(text: string): ReadPayload {
  // A GUID with hyphens is 36 characters of base64url as well; a signed payload that looks like one has odds of 1 in 10^22.
  if (HYPHENATED.test(text)) return { kind: 'legacy', customerId: text.toLowerCase() };
  if (BARE.test(text)) return { kind: 'legacy', customerId: guidText(text.toLowerCase()) };
  const bytes = text.length === PAYLOAD_LENGTH ? decode(text) : null;
  const [keyNumber] = bytes ?? [];
  if (bytes === null || keyNumber === undefined || keyNumber === 0) return { kind: 'malformed' };
  const customer = bytes.subarray(KEY_BYTES, KEY_BYTES + CUSTOMER_BYTES);
  const hex = Array.from(customer, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { kind: 'signed', keyNumber, customerId: guidText(hex), tag: bytes.subarray(KEY_BYTES + CUSTOMER_BYTES) };
}

/** Proves a signed payload against the customer's current epoch, or says why not. */
export function verifyPayload(read: Extract<ReadPayload, { kind: 'signed' }>, place: LinkPlace): VerifiedPayload {
  const signed = findEpoch(read, place);
  if (signed === 'no_key') return { ok: false, reason: read.keyNumber < place.keys.current ? 'old_key' : 'forged' };
  if (signed === null) return { ok: false, reason: 'forged' };
  return signed === place.epoch ? { ok: true, customerId: read.customerId } : { ok: false, reason: 'old_epoch' };
}

/** Whether we signed it at all, for a customer whose epoch nobody knows. */
export function isOurs(read: Extract<ReadPayload, { kind: 'signed' }>, place: Omit<LinkPlace, 'epoch'>): boolean {
  return typeof findEpoch(read, { ...place, epoch: EPOCHS_TRIED - 1 }) === 'number';
}

function findEpoch(read: Extract<ReadPayload, { kind: 'signed' }>, place: LinkPlace): number | 'no_key' | null {
  const oldest = Math.max(0, place.epoch - EPOCHS_TRIED);
  for (let epoch = place.epoch; epoch >= oldest; epoch -= 1) {
    const tag = tagOf(read, { ...place, epoch });
    if (tag === null) return 'no_key';
    if (isSame(tag, read.tag)) return epoch;
  }
  return null;
}

function tagOf(signed: { readonly keyNumber: number; readonly customerId: CustomerId }, place: LinkPlace): Uint8Array | null {
  const { epoch, botId, keys } = place;
  const epochBytes = [epoch >>> 24, (epoch >>> 16) & 255, (epoch >>> 8) & 255, epoch & 255];
  const message = Uint8Array.from([...DOMAIN, signed.keyNumber, ...guidBytes(signed.customerId), ...epochBytes, ...asciiBytes(botId)]);
  return keys.mac(signed.keyNumber, message)?.subarray(0, TAG_BYTES) ?? null;
}

/** Takes the same time wherever the first difference lies. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

function asciiBytes(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}

function guidBytes(guid: CustomerId): number[] {
  return (guid.replaceAll('-', '').match(/../gu) ?? []).map((hex) => Number.parseInt(hex, 16));
}

function guidText(hex: string): CustomerId {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** base64url of whole triplets: nothing is left over and nothing is padded. */
function encode(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const triplet = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) text += ALPHABET.charAt((triplet >>> shift) & 63);
  }
  return text;
}

function decode(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 4) {
    const values = Array.from(text.slice(at, at + 4), (char) => ALPHABET.indexOf(char));
    if (values.length !== 4 || values.includes(-1)) return null;
    const triplet = values.reduce((sum, value) => (sum << 6) | value, 0);
    bytes.push((triplet >>> 16) & 255, (triplet >>> 8) & 255, triplet & 255);
  }
  return Uint8Array.from(bytes);
}
