import type { PlaceListener } from './decode-bag.ts';
import type { Property, Row } from './values.ts';

/** Where everything stood in the file, to point at a byte. */
export interface Places extends PlaceListener {
  ofProperty(property: Property): number;
  /** A text's first byte, or a fixed cell's flag. */
  ofCell(row: Row, column: number): number;
}

export function collectPlaces(): Places {
  const properties = new Map<Property, number>();
  const rows = new Map<Row, readonly number[]>();
  return {
    property: (property, at) => void properties.set(property, at),
    row: (row, places) => void rows.set(row, places),
    ofProperty: (property) => properties.get(property) ?? 0,
    ofCell: (row, column) => rows.get(row)?.[column] ?? 0,
  };
}
