import type { Bag, Cell, Column, ColumnType, Dataset, Property, Row, Rows, Table, TpxlFile } from '../../src/tpxl/values.ts';

/**
 * A second encoder, written from the description of the format and from nothing of the codec, to judge it by. `whim(n)` answers a whole number
 * below n: wherever the format leaves a choice it chooses, and 0 is always what the exporter does.
 */
export type Whim = (choices: number) => number;
export const EXPORTER: Whim = () => 0;

const PROPERTY: Readonly<Record<Property['type'], number>> = {
  integer: 2,
  date: 4,
  guid: 5,
  text: 7,
  dataset: 9,
  bag: 10,
  table: 128,
  class: 128,
};
const COLUMN: Readonly<Record<ColumnType, readonly [code: number, width: number]>> = {
  bool: [1, 1],
  integer: [4, 4],
  guid: [7, 16],
  date: [8, 8],
  text: [10, 8],
  bytes: [11, 8],
};
const TABLE_CLASS = 'DD57B98D-55EE-475D-B9EB-EBE64007549A';

export function specBytes(file: TpxlFile, whim: Whim): Buffer {
  const tables = tablesIn(file.root).filter(({ rows }) => rows.length > 0 || whim(3) === 1);
  const chunks = [...tables.toReversed().map((table) => rowsChunk(table, whim)), [1, ...bag(file.root, whim)]];
  for (let free = whim(4); free > 0; free--) chunks.push([0, ...garbage(whim(30), whim)]);
  const ordered = whim(2) === 0 && chunks.every(([kind]) => kind !== 0) ? chunks : shuffled(chunks, whim);
  const body = ordered.flatMap((chunk) => [...sealed(u32(chunk.length)), ...sealed(chunk)]);
  const size = [...u32(body.length), ...u32(0)];
  return Buffer.from([...ascii('TPXL'), ...sealed(size), ...body]);
}

function tablesIn(properties: Bag): readonly NamedTable[] {
  return properties.flatMap((property) =>
    property.type === 'bag' ? tablesIn(property.value) : property.type === 'table' ? [{ name: property.name, ...property.value }] : [],
  );
}

type NamedTable = Table & { readonly name: string };

function sealed(bytes: readonly number[]): readonly number[] {
  return [...bytes, ...u32(crc(bytes))];
}

function bag(properties: Bag, whim: Whim): readonly number[] {
  return properties.flatMap((property) => [PROPERTY[property.type], ...name(property.name), 1, ...u32(0), ...value(property, whim)]);
}

function value(property: Property, whim: Whim): readonly number[] {
  switch (property.type) {
    case 'integer':
      return Array.from({ length: 8 }, (_none, byte) => Number((property.value >> BigInt(byte * 8)) & 0xffn));
    case 'date':
      return double(property.value);
    case 'guid':
      return guid(property.value);
    case 'text':
      return counted(utf16(property.value));
    case 'bag':
      return counted(bag(property.value, whim));
    case 'dataset':
      return counted(dataset(property.value, whim));
    case 'class':
      return [...guid(property.classId), ...counted([...property.value])];
    case 'table': {
      const { columns, id } = property.value;
      const definition = [...u32(columns.length), ...columns.flatMap((column) => columnBytes(column, 0))];
      return [...guid(TABLE_CLASS), ...counted([...definition, ...u32(0), ...u32(9), ...u32(id), ...u32(0)])];
    }
  }
}

function columnBytes({ type, name: of, nullable, max }: Column, offset: number): readonly number[] {
  const more = type === 'text' || type === 'bytes' ? u32(0) : [];
  return [COLUMN[type][0], ...name(of), nullable ? 1 : 0, ...u32(offset), ...u32(max), ...more];
}

function dataset({ columns, rows }: Dataset, whim: Whim): readonly number[] {
  const end = Math.max(0, ...columns.map(({ offset, type }) => offset + 1 + COLUMN[type][1]));
  const width = end + (whim(4) === 1 ? whim(20) : 0);
  const alphabetical = [...columns.keys()].toSorted((a, b) => compare(columns[a]!.name.toLowerCase(), columns[b]!.name.toLowerCase()));
  const offsets = columns.map(({ offset }) => offset);
  const block = rowsAndHeap({ columns, rows, offsets, width, order: alphabetical, flag: 3, nulls: [2, 0] }, whim);
  const definitions = columns.flatMap((column) => columnBytes(column, column.offset));
  return [...u32(columns.length), ...definitions, ...u32(rows.length), ...u32(width), ...block.rows, ...block.heap];
}

function rowsChunk({ name: of, id, columns, rows }: NamedTable, whim: Whim): readonly number[] {
  let width = 0;
  const offsets = columns.map(({ type }) => (width += 1 + COLUMN[type][1]) - 1 - COLUMN[type][1]);
  const order = [...columns.keys()];
  const block = rowsAndHeap({ columns, rows, offsets, width, order, flag: 1, nulls: [0], bags: of === 'Objects' }, whim);
  return [2, ...u32(id), ...u32(1), ...u32(rows.length), ...u32(block.heap.length), ...block.rows, ...block.heap];
}

interface Block {
  readonly columns: readonly Column[];
  readonly rows: Rows;
  readonly offsets: readonly number[];
  readonly width: number;
  /** Of the columns, in the heap. */
  readonly order: readonly number[];
  readonly flag: number;
  readonly nulls: readonly number[];
  readonly bags?: boolean;
}

function rowsAndHeap(block: Block, whim: Whim): { readonly rows: readonly number[]; readonly heap: readonly number[] } {
  const { columns, rows, offsets, width, order, flag, nulls } = block;
  const dirty = whim(3) === 1;
  const image = dirty ? garbage(rows.length * width, whim) : Array<number>(rows.length * width).fill(0);
  const put = (at: number, bytes: readonly number[]): void => void image.splice(at, bytes.length, ...bytes);
  const list = [...rows];
  const items: Item[] = [];
  for (const [index, row] of list.entries()) {
    for (const [column, { type }] of columns.entries()) {
      const at = index * width + offsets[column]!;
      const cell = row[column]!;
      if (cell === null) put(at, [nulls[whim(nulls.length)]!]);
      else if (type !== 'text' && type !== 'bytes') put(at, [flag, ...fixed(type, cell)]);
    }
    for (const column of order) {
      const { type } = columns[column]!;
      if (row[column] !== null && (type === 'text' || type === 'bytes'))
        items.push({ at: index * width + offsets[column]!, bytes: content(row, column, { block, whim }) });
    }
  }
  const { heap, places } = placed(items, whim);
  for (const [index, { at, bytes }] of items.entries()) put(at, [flag, ...u32(bytes.length), ...u32(places[index]!)]);
  return { rows: image, heap };
}

interface Item {
  readonly at: number;
  readonly bytes: readonly number[];
}

function content(row: Row, column: number, { block, whim }: { readonly block: Block; readonly whim: Whim }): readonly number[] {
  const cell = row[column];
  if (typeof cell === 'string') return utf16(cell);
  if (cell instanceof Uint8Array) return [...cell];
  if (Array.isArray(cell) && block.bags === true && block.columns[column]!.name === 'Data') return bag(cell as Bag, whim);
  throw new Error('no content');
}

/** One after the other; or in another order, with gaps, aligned, over the same bytes as another value. */
function placed(items: readonly Item[], whim: Whim): { readonly heap: readonly number[]; readonly places: readonly number[] } {
  const heap: number[] = [];
  const places: number[] = [];
  const [inOrder, gaps, align, share] = [whim(2) === 0, whim(3) === 1, [1, 1, 4, 8][whim(4)]!, whim(3) === 1];
  const indexes = [...items.keys()];
  for (const index of inOrder ? indexes : shuffled(indexes, whim)) {
    const { bytes } = items[index]!;
    const there = share ? indexOf(heap, bytes) : -1;
    if (there < 0) {
      if (gaps) heap.push(...garbage(whim(5), whim));
      while (heap.length % align !== 0) heap.push(0);
    }
    places[index] = there < 0 ? heap.length : there;
    if (there < 0) heap.push(...bytes);
  }
  if (gaps) heap.push(...garbage(whim(9), whim));
  return { heap, places };
}

function indexOf(heap: readonly number[], bytes: readonly number[]): number {
  return Buffer.from(heap).indexOf(Buffer.from(bytes));
}

function fixed(type: ColumnType, cell: Cell): readonly number[] {
  if (type === 'bool') return [cell === true ? 0xff : 0];
  if (type === 'integer') return u32(cell as number);
  if (type === 'date') return double(cell as number);
  return guid(cell as string);
}

function garbage(length: number, whim: Whim): number[] {
  return Array.from({ length }, () => whim(256));
}

function shuffled<T>(list: readonly T[], whim: Whim): readonly T[] {
  return list
    .map((item) => ({ item, by: whim(1_000_000) }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ item }) => item);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function counted(bytes: readonly number[]): readonly number[] {
  return [...u32(bytes.length), ...bytes];
}

function name(text: string): readonly number[] {
  return [text.length, ...ascii(text)];
}

function ascii(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at));
}

function utf16(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at)).flatMap((unit) => [unit & 0xff, unit >> 8]);
}

function u32(number: number): readonly number[] {
  return [number & 0xff, (number >>> 8) & 0xff, (number >>> 16) & 0xff, (number >>> 24) & 0xff];
}

function double(number: number): readonly number[] {
  return [...new Uint8Array(Float64Array.of(number).buffer)];
}

/** The first group's four bytes and the next two's two reversed, the last eight as written. */
function guid(text: string): readonly number[] {
  const bytes = (text.replaceAll('-', '').match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
  return [...bytes.slice(0, 4).toReversed(), ...bytes.slice(4, 6).toReversed(), ...bytes.slice(6, 8).toReversed(), ...bytes.slice(8)];
}

/** Polynomial EDB88320 reflected, begun and ended with all ones. */
function crc(bytes: readonly number[]): number {
  let sum = 0xffff_ffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb8_8320 : 0);
  }
  return (sum ^ 0xffff_ffff) >>> 0;
}
