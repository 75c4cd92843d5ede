import type { ColumnType, Property } from './values.ts';

/** The numbers of the format. */
export const MAGIC = 0x4c58_5054;
export const HEADER_SIZE = 16;
export const CHUNK_FREE = 0x00;
export const CHUNK_ROOT = 0x01;
export const CHUNK_ROWS = 0x02;
/** «Table stored in its own chunk». */
export const TABLE_CLASS = 'dd57b98d-55ee-475d-b9eb-ebe64007549a';
/** What stood behind the table's columns in every file, with the table's id between the second and the third. */
export const TABLE_TAIL = [0, 9, 0] as const;
export const ROWS_PAGE = 1;
/** The table whose column `Data` holds a bag in its bytes. */
export const OBJECTS = 'Objects';
export const OBJECT_CONTENT = 'Data';

export const PROPERTY_CODES: Readonly<Record<Property['type'], number>> = {
  integer: 0x02,
  date: 0x04,
  guid: 0x05,
  text: 0x07,
  dataset: 0x09,
  bag: 0x0a,
  table: 0x80,
  class: 0x80,
};

/** A class of its own is told from a table by its id. */
export const PROPERTY_TYPES: ReadonlyMap<number, Exclude<Property['type'], 'class'>> = new Map(
  Object.entries(PROPERTY_CODES).flatMap(([type, code]) => (type === 'class' ? [] : [[code, type as Exclude<Property['type'], 'class'>]])),
);

export const COLUMN_CODES: Readonly<Record<ColumnType, number>> = {
  bool: 0x01,
  integer: 0x04,
  guid: 0x07,
  date: 0x08,
  text: 0x0a,
  bytes: 0x0b,
};
export const COLUMN_TYPES: ReadonlyMap<number, ColumnType> = new Map(
  Object.entries(COLUMN_CODES).map(([type, code]) => [code, type as ColumnType]),
);

/** Bytes of a cell behind its flag; text and bytes are a length and a place in the heap. */
export const CELL_WIDTHS: Readonly<Record<ColumnType, number>> = { bool: 1, integer: 4, guid: 16, date: 8, text: 8, bytes: 8 };

export const DATASET_VALUE = 0x03;
export const DATASET_NULL = 0x02;
/** The flag of a column that was left out. On a cell that has its column it can only mean «never assigned», which is NULL too. */
export const DATASET_UNSET = 0x00;
export const TABLE_VALUE = 0x01;
/** Never seen, since no table row had a NULL: the flag without its «not NULL» bit. */
export const TABLE_NULL = 0x00;

/** Bags in bags were two deep at most; a crafted file must not exhaust the stack. */
export const DEEPEST = 32;
export const LARGEST = 512 * 1024 * 1024;

/** Nothing but these two has a heap part. */
export function isVariable(type: ColumnType): boolean {
  return type === 'text' || type === 'bytes';
}

/** The greatest length that the exporter writes for a column of this type. */
export function usualMax(type: ColumnType, within: 'dataset' | 'table'): number {
  if (type === 'bytes') return 0x7fff_ffff;
  return type === 'text' ? (within === 'dataset' ? 0x3fff_ffff : 0x7fff_ffff) : 0;
}
