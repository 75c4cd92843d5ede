import { isVariable } from './codes.ts';
import type { PlaceListener } from './decode-bag.ts';
import { isThere } from './rows-block.ts';
import type { RowsBlock } from './rows-block.ts';
import type { Property, Row } from './values.ts';

/** Where everything stood in the file, to point at a byte. Properties and rows are known as the very ones that were read. */
export interface Places extends PlaceListener {
  ofProperty(property: Property): number;
  /** A text's first byte, or a fixed cell's flag. */
  ofCell(row: Row, column: number): number;
}

export function collectPlaces(): Places {
  const properties = new WeakMap<Property, number>();
  const rows = new WeakMap<Row, { readonly block: RowsBlock; readonly rowAt: number }>();
  return {
    property: (property, at) => void properties.set(property, at),
    row: (row, block, rowAt) => void rows.set(row, { block, rowAt }),
    ofProperty: (property) => properties.get(property) ?? 0,
    ofCell: (row, column) => {
      const place = rows.get(row);
      return place === undefined || column < 0 ? 0 : placeOfCell(place.block, place.rowAt, column);
    },
  };
}

function placeOfCell(block: RowsBlock, rowAt: number, column: number): number {
  const at = rowAt + block.offsets[column]!;
  const inHeap = isVariable(block.columns[column]!.type) && isThere(block, at);
  return inHeap ? block.heapAt + block.file.readUInt32LE(at + 5) : at;
}
