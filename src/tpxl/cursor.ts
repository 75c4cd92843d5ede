import { TpxlError } from './error.ts';
import { readGuid } from './guid.ts';

/** Reads forward within bounds; no length is believed before it fits the bytes that are left. Offsets count from the file's begin. */
export class Cursor {
  readonly file: Buffer;
  at: number;
  readonly end: number;

  constructor(file: Buffer, at: number, end: number) {
    this.file = file;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Steps over n bytes and answers where they began. */
  take(bytes: number): number {
    if (bytes > this.left) throw new TpxlError('truncated', this.at, { needed: bytes, left: this.left });
    const from = this.at;
    this.at += bytes;
    return from;
  }

  u8(): number {
    return this.file.readUInt8(this.take(1));
  }

  u32(): number {
    return this.file.readUInt32LE(this.take(4));
  }

  guid(): string {
    return readGuid(this.file, this.take(16));
  }

  date(): number {
    return readDate(this.file, this.take(8));
  }

  /** Bytes above 7F were never seen; as Latin-1 they survive. */
  name(): string {
    const length = this.u8();
    const from = this.take(length);
    return this.file.toString('latin1', from, from + length);
  }

  /** A part of its own, n bytes long; this one steps over it. */
  part(bytes: number): Cursor {
    const from = this.take(bytes);
    return new Cursor(this.file, from, from + bytes);
  }

  constant(expected: number, what: 'u8' | 'u32'): void {
    const at = this.at;
    const found = what === 'u8' ? this.u8() : this.u32();
    if (found !== expected) throw new TpxlError('constant', at, { expected, found });
  }

  /** For counts: so many things of at least that size must fit. */
  count(leastSize: number): number {
    const at = this.at;
    const count = this.u32();
    if (count * leastSize > this.left) throw new TpxlError('truncated', at, { needed: count * leastSize, left: this.left });
    return count;
  }

  finish(): void {
    if (this.left > 0) throw new TpxlError('leftover', this.at, { left: this.left });
  }
}

export function readDate(file: Buffer, at: number): number {
  const days = file.readDoubleLE(at);
  if (!Number.isFinite(days)) throw new TpxlError('date', at, { found: file.toString('hex', at, at + 8) });
  return days;
}

export function readBool(file: Buffer, at: number): boolean {
  const byte = file.readUInt8(at);
  if (byte !== 0x00 && byte !== 0xff) throw new TpxlError('bool', at, { found: byte });
  return byte === 0xff;
}

/** `at` is where the text begins; `blame` where its length stands. */
export function readText(
  file: Buffer,
  { at, length, blame }: { readonly at: number; readonly length: number; readonly blame: number },
): string {
  checkTextLength(length, blame);
  return file.toString('utf16le', at, at + length);
}

export function checkTextLength(length: number, blame: number): void {
  if (length % 2 !== 0) throw new TpxlError('text_length', blame, { length });
}
