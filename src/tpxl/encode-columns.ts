import { COLUMN_CODES, isVariable } from './codes.ts';
import type { DatasetColumn } from './values.ts';
import type { Writer } from './writer.ts';

export function encodeColumns(writer: Writer, columns: readonly DatasetColumn[]): void {
  writer.u32(columns.length);
  for (const { name, type, nullable, offset, max } of columns) {
    writer.u8(COLUMN_CODES[type]);
    writer.name(name);
    writer.u8(nullable ? 1 : 0);
    writer.u32(offset);
    writer.u32(max);
    if (isVariable(type)) writer.u32(0);
  }
}
