import type { PlaceListener } from './decode-bag.ts';
import type { Property, Rows } from './values.ts';

/** Where properties stood in the file, to point at a byte; each is known as the very one that was read. */
export interface Places extends PlaceListener {
  ofProperty(property: Property): number;
}

export function collectPlaces(): Places {
  const properties = new WeakMap<Property, number>();
  return {
    property: (property, at) => void properties.set(property, at),
    ofProperty: (property) => properties.get(property) ?? 0,
  };
}

/** A text's first byte, or a fixed cell's flag; 0 for a column that isn't there. */
export function placeOfCell(rows: Rows, index: number, column: number): number {
  return column < 0 ? 0 : (rows.placeOf?.(index, column) ?? 0);
}
