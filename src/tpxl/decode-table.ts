import { OBJECT_CONTENT, OBJECTS, ROWS_PAGE, TABLE_TAIL } from './codes.ts';
import type { Cursor } from './cursor.ts';
import { decodeColumns } from './decode-columns.ts';
import { decodeRows } from './decode-rows.ts';
import type { RowsContext } from './decode-rows.ts';
import { TpxlError } from './error.ts';
import { packedOffsets, TABLE_FLAGS } from './rows-block.ts';
import type { DatasetColumn, Table } from './values.ts';

/** The chunks with rows, by their table's id, each standing behind that id; `defined` learns which tables there are. */
export interface RowChunks {
  readonly byTable: ReadonlyMap<number, Cursor>;
  readonly defined: Set<number>;
}

/** A definition and, where `chunks` is given, its rows. */
export function decodeTable(
  cursor: Cursor,
  { name, chunks, rows: context }: { readonly name: string; readonly chunks: RowChunks | null; readonly rows: RowsContext },
): Table {
  const columns = decodeTableColumns(cursor, context);
  cursor.constant(TABLE_TAIL[0], 'u32');
  cursor.constant(TABLE_TAIL[1], 'u32');
  const idAt = cursor.at;
  const id = cursor.u32();
  cursor.constant(TABLE_TAIL[2], 'u32');
  cursor.finish();
  if (chunks?.defined.has(id) === true) throw new TpxlError('table_defined_twice', idAt, { id });
  chunks?.defined.add(id);
  const chunk = chunks?.byTable.get(id);
  if (chunk === undefined) return { id, columns, rows: [] };
  const { rows, layout } = decodeRowChunk(chunk, { name, columns, context });
  return layout === null ? { id, columns, rows } : { id, columns, rows, layout };
}

function decodeTableColumns(cursor: Cursor, context: RowsContext): Table['columns'] {
  const at = cursor.at;
  return decodeColumns(cursor, context).map(({ offset, ...column }: DatasetColumn) => {
    if (offset !== 0) throw new TpxlError('constant', at, { expected: 0, found: offset });
    return column;
  });
}

function decodeRowChunk(
  chunk: Cursor,
  { name, columns, context }: { readonly name: string; readonly columns: Table['columns']; readonly context: RowsContext },
): ReturnType<typeof decodeRows> {
  const { file } = chunk;
  chunk.constant(ROWS_PAGE, 'u32');
  const countAt = chunk.at;
  const count = chunk.u32();
  const heapLength = chunk.u32();
  const { offsets, width } = packedOffsets(columns);
  if (count > 0 && width === 0) throw new TpxlError('row_width', countAt, { width, columns: 0 });
  const at = chunk.take(count * width);
  const heapAt = chunk.take(heapLength);
  chunk.finish();
  const bag = name === OBJECTS ? columns.findIndex((column) => column.name === OBJECT_CONTENT && column.type === 'bytes') : -1;
  return decodeRows(
    { file, within: 'table', columns, offsets, count, width, at, heapAt, heapLength, flags: TABLE_FLAGS, bagColumn: bag < 0 ? null : bag },
    context,
  );
}
