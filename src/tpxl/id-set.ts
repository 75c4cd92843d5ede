import { guidBytes, isGuid } from './guid.ts';

const ID_SIZE = 16;

/** Ids by the million: 16 bytes each and some 8 to find it, where a set of strings takes 100. */
export class IdSet {
  #ids = Buffer.alloc(64 * ID_SIZE);
  /** Open addressing: number of the id + 1, or 0. */
  #slots = new Uint32Array(256);
  /** What is no GUID. */
  readonly #others = new Set<string>();
  #count = 0;

  get size(): number {
    return this.#count + this.#others.size;
  }

  has(id: string): boolean {
    return isGuid(id) ? this.#slots[this.#slotOf(guidBytes(id))] !== 0 : this.#others.has(id);
  }

  /** False where it was there. */
  add(id: string): boolean {
    if (this.has(id)) return false;
    if (isGuid(id)) this.#keep(guidBytes(id));
    else this.#others.add(id);
    return true;
  }

  #keep(bytes: Uint8Array): void {
    if ((this.#count + 1) * ID_SIZE > this.#ids.length) this.#ids = Buffer.concat([this.#ids], this.#ids.length * 2);
    if ((this.#count + 1) * 2 > this.#slots.length) this.#widen();
    this.#ids.set(bytes, this.#count * ID_SIZE);
    this.#count += 1;
    this.#slots[this.#slotOf(bytes)] = this.#count;
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 1; number <= this.#count; number++) this.#slots[this.#slotOf(this.#idAt(number))] = number;
  }

  /** Where the id is, or would be. */
  #slotOf(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes) & mask;
    for (let number = this.#slots[slot]!; number !== 0 && !this.#isAt(number, bytes); number = this.#slots[slot]!) slot = (slot + 1) & mask;
    return slot;
  }

  #idAt(number: number): Uint8Array {
    return this.#ids.subarray((number - 1) * ID_SIZE, number * ID_SIZE);
  }

  #isAt(number: number, bytes: Uint8Array): boolean {
    const from = (number - 1) * ID_SIZE;
    for (let at = 0; at < ID_SIZE; at++) if (this.#ids[from + at] !== bytes[at]) return false;
    return true;
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let sum = 0x811c_9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x0100_0193);
  return sum >>> 0;
}
