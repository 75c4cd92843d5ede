/** Windows' order: the first three groups are turned round, as SQL Server shows a uniqueidentifier. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const SHAPE = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
/** An object's id stands in the directory and again in its dataset: one string for both. */
const RECENT = 64;
const recent: string[] = Array.from({ length: RECENT }, () => '');
const scratch = Buffer.alloc(36, '-', 'latin1');

export function readGuid(file: Buffer, at: number): string {
  let to = 0;
  for (const [index, from] of ORDER.entries()) {
    if (index === 4 || index === 6 || index === 8 || index === 10) to++;
    const byte = file.readUInt8(at + from);
    scratch[to++] = HEX[byte >> 4]!;
    scratch[to++] = HEX[byte & 15]!;
  }
  const slot = file.readUInt8(at + 15) % RECENT;
  if (!isInScratch(recent[slot]!)) recent[slot] = scratch.toString('latin1', 0, 36);
  return recent[slot]!;
}

export function isGuid(text: string): boolean {
  return SHAPE.test(text);
}

export function guidBytes(guid: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let from = 0;
  for (const to of ORDER) {
    if (from === 8 || from === 13 || from === 18 || from === 23) from += 1;
    bytes[to] = digit(guid.charCodeAt(from)) * 16 + digit(guid.charCodeAt(from + 1));
    from += 2;
  }
  return bytes;
}

/** Of a hex digit's code. */
function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : (code & 0x1f) + 9;
}

function isInScratch(guid: string): boolean {
  if (guid.length !== 36) return false;
  for (let at = 0; at < 36; at++) if (guid.charCodeAt(at) !== scratch[at]) return false;
  return true;
}
