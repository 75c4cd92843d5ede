/**
 * What a `.tpxl_exp` file says, as plain values. Identifiers are lower-case GUID text, dates are days since 1899-12-30 00:00 of a wall
 * clock (the double as stored), integers of 8 bytes are bigints.
 *
 * What values don't determine stands in `layout`, beside what it belongs to, and only where a file differs from the canonical form.
 * Without a layout, or with one that changed values have outgrown, the canonical form is written.
 */
export interface TpxlFile {
  /** The root bag: dates, type, description, and the tables with their rows. */
  readonly root: Bag;
  readonly layout?: FileLayout;
}

export type Bag = readonly Property[];

export type Property =
  | { readonly name: string; readonly type: 'integer'; readonly value: bigint }
  | { readonly name: string; readonly type: 'date'; readonly value: number }
  | { readonly name: string; readonly type: 'guid'; readonly value: string }
  | { readonly name: string; readonly type: 'text'; readonly value: string }
  | { readonly name: string; readonly type: 'dataset'; readonly value: Dataset }
  | { readonly name: string; readonly type: 'bag'; readonly value: Bag }
  | { readonly name: string; readonly type: 'table'; readonly value: Table }
  /** A class that this codec doesn't know; its content survives. */
  | { readonly name: string; readonly type: 'class'; readonly classId: string; readonly value: Uint8Array };

export type ColumnType = 'bool' | 'integer' | 'guid' | 'date' | 'text' | 'bytes';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** The greatest length as stored; 0 for types of a fixed size. */
  readonly max: number;
}

export interface DatasetColumn extends Column {
  /** Of the cell in its row; a gap before it is the place of a column that was left out. */
  readonly offset: number;
}

/** boolean: bool · number: integer, date · string: guid, text · bytes: bytes · bag: the column `Data` of the table `Objects`. */
export type Cell = null | boolean | number | string | Uint8Array | Bag;
/** One cell per column, in their order. */
export type Row = readonly Cell[];

/**
 * Rows in order; an array of rows is one. Those of a decoded file are read from its bytes anew each time they are asked for, so that a large
 * file is not in memory twice, and two readings give two equal arrays, not the same one.
 */
export interface Rows extends Iterable<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  /** In a decoded file: the byte where a text or bytes begin, or where the flag of any other cell stands. */
  placeOf?(index: number, column: number): number;
}

/** Rows inside a property. */
export interface Dataset {
  readonly columns: readonly DatasetColumn[];
  readonly rows: Rows;
  readonly layout?: RowsLayout;
}

/** Rows in a chunk of their own. */
export interface Table {
  readonly id: number;
  readonly columns: readonly Column[];
  readonly rows: Rows;
  readonly layout?: RowsLayout;
}

export type ChunkPlace = { readonly chunk: 'root' } | { readonly chunk: 'table'; readonly id: number } | FreeChunk;

export interface FreeChunk {
  readonly chunk: 'free';
  /** What stands behind the kind byte: stale memory of the writer. */
  readonly content: Uint8Array;
}

export interface FileLayout {
  readonly chunks: readonly ChunkPlace[];
}

export interface RowsLayout {
  /** Where it isn't the end of the last column. */
  readonly rowWidth?: number;
  /**
   * The bytes of the rows that no value determines, where they aren't what the encoder would write: row after row first those between the
   * cells, then each NULL cell whole.
   */
  readonly spare?: Uint8Array;
  readonly heap?: HeapLayout;
}

export interface HeapLayout {
  readonly length: number;
  /** Of each value that is there, row after row, in the canonical order of the columns. */
  readonly offsets: ArrayLike<number>;
  /** The bytes of the heap that belong to no value, one after the other. */
  readonly unreferenced: Uint8Array;
}
