import type { Bag, Cell, Property, RowsLayout, TpxlFile } from '../../src/tpxl/values.ts';

/** The same file with arrays for whatever is read only when it is asked for, to be compared. */
export function plain({ root, layout }: TpxlFile): TpxlFile {
  return { root: bagOf(root), ...(layout === undefined ? {} : { layout }) };
}

function bagOf(bag: Bag): Bag {
  return bag.map((property): Property => {
    if (property.type === 'bag') return { ...property, value: bagOf(property.value) };
    if (property.type !== 'table' && property.type !== 'dataset') return property;
    const { rows, layout, ...value } = property.value;
    const arrays = [...rows].map((row) => row.map((cell): Cell => (Array.isArray(cell) ? bagOf(cell as Bag) : cell)));
    return { ...property, value: { ...value, rows: arrays, ...(layout === undefined ? {} : { layout: layoutOf(layout) }) } } as Property;
  });
}

function layoutOf({ heap, spare, ...layout }: RowsLayout): RowsLayout {
  return {
    ...layout,
    ...(spare === undefined ? {} : { spare: Buffer.from(spare) }),
    ...(heap === undefined ? {} : { heap: { ...heap, offsets: Array.from(heap.offsets), unreferenced: Buffer.from(heap.unreferenced) } }),
  };
}
