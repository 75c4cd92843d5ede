import { guidBytes, isGuid } from './guid.ts';
import type { Cell, Column } from './values.ts';
import type { Writer } from './writer.ts';

/** The value of a cell of a fixed size. */
export function encodeCell(writer: Writer, { name, type }: Column, cell: Cell): void {
  if (type === 'bool' && typeof cell === 'boolean') writer.u8(cell ? 0xff : 0x00);
  else if (type === 'integer' && typeof cell === 'number' && Number.isInteger(cell) && Math.abs(cell + 0.5) < 2 ** 31) writer.i32(cell);
  else if (type === 'guid' && typeof cell === 'string') encodeGuid(writer, cell);
  else if (type === 'date' && typeof cell === 'number') writer.double(cell);
  else writer.fail({ problem: 'cell', value: name, type });
}

/** The value of a cell of any size, as it stands in the heap; a bag is its table's own matter. */
export function encodeContent(writer: Writer, { name, type }: Column, cell: Cell): void {
  if (type === 'text' && typeof cell === 'string') writer.text(cell);
  else if (type === 'bytes' && cell instanceof Uint8Array) writer.raw(cell);
  else writer.fail({ problem: 'cell', value: name, type });
}

export function encodeGuid(writer: Writer, guid: string): void {
  if (!isGuid(guid)) writer.fail({ problem: 'guid', value: guid.slice(0, 40) });
  writer.raw(guidBytes(guid));
}
