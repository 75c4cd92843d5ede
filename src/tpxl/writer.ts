import { TpxlError } from './error.ts';

/**
 * Writes at a place that moves on. Encoding runs twice over the same values: first over a writer without bytes, which only counts, then
 * over one whose bytes are just enough, so that a large file is never copied.
 */
export class Writer {
  readonly bytes: Buffer | null;
  at = 0;
  /** What `at` counts from, for errors. */
  readonly origin: number;

  constructor(bytes: Buffer | null, origin = 0) {
    this.bytes = bytes;
    this.origin = origin;
  }

  fail(args: Readonly<Record<string, string | number>>): never {
    throw new TpxlError('value', this.origin + this.at, args);
  }

  /** Answers where the n bytes begin; they are zero until written. */
  skip(bytes: number): number {
    const from = this.at;
    this.at += bytes;
    return from;
  }

  u8(value: number): void {
    const at = this.skip(1);
    this.bytes?.writeUInt8(value, at);
  }

  u32(value: number): void {
    if (!isU32(value)) this.fail({ problem: 'u32', value });
    const at = this.skip(4);
    this.bytes?.writeUInt32LE(value, at);
  }

  i32(value: number): void {
    const at = this.skip(4);
    this.bytes?.writeInt32LE(value, at);
  }

  i64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) this.fail({ problem: 'i64', value: String(value) });
    const at = this.skip(8);
    this.bytes?.writeBigInt64LE(value, at);
  }

  double(value: number): void {
    if (!Number.isFinite(value)) this.fail({ problem: 'date', value: String(value) });
    const at = this.skip(8);
    this.bytes?.writeDoubleLE(value, at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.skip(bytes.length);
    this.bytes?.set(bytes, at);
  }

  name(name: string): void {
    // oxlint-disable-next-line no-control-regex
    if (name.length > 255 || /[^\u0000-\u00ff]/.test(name)) this.fail({ problem: 'name', value: name.slice(0, 40) });
    this.u8(name.length);
    const at = this.skip(name.length);
    this.bytes?.write(name, at, 'latin1');
  }

  text(text: string): void {
    const at = this.skip(text.length * 2);
    this.bytes?.write(text, at, 'utf16le');
  }

  patchU32(at: number, value: number): void {
    if (!isU32(value)) this.fail({ problem: 'u32', value });
    this.bytes?.writeUInt32LE(value, at);
  }

  /** What `write` writes, behind its length in bytes. */
  measured(write: () => void): void {
    const lengthAt = this.skip(4);
    write();
    this.patchU32(lengthAt, this.at - lengthAt - 4);
  }
}

/** How many bytes `write` would write. */
export function measure(write: (writer: Writer) => void, origin = 0): number {
  const counter = new Writer(null, origin);
  write(counter);
  return counter.at;
}

/** The bytes that `write` writes. */
export function render(write: (writer: Writer) => void): Buffer {
  const bytes = Buffer.alloc(measure(write));
  write(new Writer(bytes));
  return bytes;
}

function isU32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
