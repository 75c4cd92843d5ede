import { PROPERTY_CODES, TABLE_CLASS, TABLE_TAIL } from './codes.ts';
import { encodeGuid } from './encode-cell.ts';
import { encodeColumns } from './encode-columns.ts';
import { encodeDatasetRows } from './encode-rows.ts';
import type { Bag, Property, Table } from './values.ts';
import type { Writer } from './writer.ts';

/** Properties one after the other, without count or end. Only a bag of the root may define tables that have rows. */
export function encodeBag(writer: Writer, bag: Bag, place: 'root' | 'object'): void {
  for (const property of bag) {
    writer.u8(PROPERTY_CODES[property.type]);
    writer.name(property.name);
    writer.u8(1);
    writer.u32(0);
    encodeValue(writer, property, place);
  }
}

function encodeValue(writer: Writer, property: Property, place: 'root' | 'object'): void {
  switch (property.type) {
    case 'integer':
      return writer.i64(property.value);
    case 'date':
      return writer.double(property.value);
    case 'guid':
      return encodeGuid(writer, property.value);
    case 'text':
      return writer.measured(() => writer.text(property.value));
    case 'dataset':
      return writer.measured(() => {
        encodeColumns(writer, property.value.columns);
        encodeDatasetRows(writer, property.value);
      });
    case 'bag':
      return writer.measured(() => encodeBag(writer, property.value, place));
    case 'table':
      if (place === 'object' && property.value.rows.length > 0) writer.fail({ problem: 'table_place', value: property.name });
      encodeGuid(writer, TABLE_CLASS);
      return writer.measured(() => encodeTable(writer, property.value));
    case 'class':
      if (property.classId === TABLE_CLASS) writer.fail({ problem: 'class', value: property.name });
      encodeGuid(writer, property.classId);
      return writer.measured(() => writer.raw(property.value));
  }
}

function encodeTable(writer: Writer, { columns, id }: Table): void {
  encodeColumns(
    writer,
    columns.map((column) => ({ ...column, offset: 0 })),
  );
  writer.u32(TABLE_TAIL[0]);
  writer.u32(TABLE_TAIL[1]);
  writer.u32(id);
  writer.u32(TABLE_TAIL[2]);
}
