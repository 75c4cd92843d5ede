import type { GatewayName } from './sms-outcome.ts';

/** How an SMS is coded: 7 bits a character in GSM's own alphabet, else UTF-16. */
export type SmsAlphabet = 'gsm' | 'ucs2';

export interface SmsLength {
  readonly alphabet: SmsAlphabet;
  /** Septets, or UTF-16 units. */
  readonly units: number;
  /** What is paid for: parts of one long SMS, each with a header of its own. */
  readonly segments: number;
}

/** GSM 03.38, its basic table. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension: each stands behind an escape, so it takes two septets. */
const EXTENDED = new Set('\f^{}\\[~]|€');
const ROOM: Readonly<Record<SmsAlphabet, { readonly single: number; readonly part: number }>> = {
  gsm: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
};

/**
 * What an operator bills a text as. PUSHSMS counts whatever isn't plain Latin, and each of `{}[]\|^~€`, as UTF-16 (its own widget's rule); the
 * others give no rule of their own, so GSM's holds.
 */
export function measureSms(text: string, operator: GatewayName): SmsLength {
  const alphabet: SmsAlphabet = (operator === 'pushsms' ? isPlain(text) : isGsm(text)) ? 'gsm' : 'ucs2';
  const sizes =
    alphabet === 'gsm' ? Array.from(text, (character) => (EXTENDED.has(character) ? 2 : 1)) : Array.from(text, ({ length }) => length);
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { single, part } = ROOM[alphabet];
  return { alphabet, units, segments: units <= single ? 1 : countParts(sizes, part) };
}

/** An escaped character or a surrogate pair is never parted: it goes into the next segment whole. */
function countParts(sizes: readonly number[], part: number): number {
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > part) {
      parts += 1;
      filled = 0;
    }
    filled += size;
  }
  return parts;
}

function isGsm(text: string): boolean {
  return [...text].every((character) => BASIC.has(character) || EXTENDED.has(character));
}

function isPlain(text: string): boolean {
  return /^[\n\r -~]*$/.test(text) && !/[{}[\]\\|^~`]/.test(text);
}
