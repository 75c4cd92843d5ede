import { cellSize, gapsOfRow } from './rows-block.ts';
import type { RowsBlock } from './rows-block.ts';

/** Rows as bytes, whoever wrote them. */
type RowsImage = Pick<RowsBlock, 'file' | 'columns' | 'offsets' | 'width' | 'flags' | 'count' | 'at'>;

/** What stands in gaps and in NULL cells, unless it is what the encoder would write there: zeros, and the usual flag. */
export function spareBytes(block: RowsImage): Uint8Array | null {
  const { file, flags } = block;
  let size = 0;
  let usual = true;
  eachSpare(block, (from, to, isCell) => {
    size += to - from;
    usual &&= isZero(file, isCell ? from + 1 : from, to) && (!isCell || file[from] === flags.none);
  });
  if (usual) return null;
  const spare = Buffer.allocUnsafe(size);
  let at = 0;
  eachSpare(block, (from, to) => {
    at += file.copy(spare, at, from, to);
  });
  return spare;
}

/** Puts them back, if they are just as many as these rows leave room for, and each cell's begin with a flag for NULL. */
export function fillSpare(block: RowsImage, spare: Uint8Array): void {
  const { file, flags } = block;
  let at = 0;
  let fits = true;
  eachSpare(block, (from, to, isCell) => {
    fits &&= !isCell || spare[at] === flags.none || spare[at] === flags.unset;
    at += to - from;
  });
  if (!fits || at !== spare.length) return;
  at = 0;
  eachSpare(block, (from, to) => {
    file.set(spare.subarray(at, at + to - from), from);
    at += to - from;
  });
}

function eachSpare(block: RowsImage, tell: (from: number, to: number, isCell: boolean) => void): void {
  const { file, columns, offsets, width, flags } = block;
  const gaps = gapsOfRow(columns, offsets, width);
  for (let row = 0; row < block.count; row++) {
    const rowAt = block.at + row * width;
    for (const { from, to } of gaps) tell(rowAt + from, rowAt + to, false);
    for (let column = 0; column < columns.length; column++) {
      const at = rowAt + offsets[column]!;
      if (file[at] !== flags.value) tell(at, at + cellSize(columns[column]!.type), true);
    }
  }
}

function isZero(file: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (file[at] !== 0) return false;
  return true;
}
