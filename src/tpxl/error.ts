/** Why a file is refused; each has one meaning, and `args` fill its sentence. */
export type TpxlReason =
  /** It doesn't begin with `TPXL`. */
  | 'magic'
  /** The length in the header isn't the file's. */
  | 'size'
  /** Larger than what is read at all. */
  | 'too_big'
  | 'checksum'
  /** A count or a length goes beyond the bytes that are left. */
  | 'truncated'
  /** Bytes are left where nothing can follow. */
  | 'leftover'
  /** A byte that was never seen to be anything else is something else. */
  | 'constant'
  | 'chunk_kind'
  | 'root_missing'
  | 'root_twice'
  | 'table_unknown'
  | 'table_rows_twice'
  | 'table_defined_twice'
  | 'property_type'
  | 'column_type'
  | 'cell_flag'
  | 'bool'
  | 'date'
  /** A text of an odd number of bytes. */
  | 'text_length'
  /** A value's place lies outside of the heap. */
  | 'heap_reference'
  /** So many values share the same bytes that they can't be meant. */
  | 'heap_shared'
  | 'column_overlap'
  | 'row_width'
  | 'too_deep'
  | 'too_many_cells'
  /** Encoding: a value that its column, property or the format can't hold. */
  | 'value';

export type TpxlArgs = Readonly<Record<string, string | number>>;

/** The one error of the codec. `offset` counts bytes from the file's begin: of what was read, or of where it would have been written. */
export class TpxlError extends Error {
  override readonly name = 'TpxlError';
  readonly code: TpxlReason;
  readonly offset: number;
  readonly args: TpxlArgs;
  constructor(code: TpxlReason, offset: number, args: TpxlArgs = {}) {
    super(`${code} at byte ${offset} ${JSON.stringify(args)}`);
    this.code = code;
    this.offset = offset;
    this.args = args;
  }
}
