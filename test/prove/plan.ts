/** A chapter's work as the plan sees it. */
export interface Work {
  readonly name: string;
  /** Milliseconds of one processor, as far as is known. */
  readonly needMs: number;
}

export interface Time {
  readonly lanes: number;
  /** From now to the end. */
  readonly leftMs: number;
}

/** It can't be parted and takes longest: it has a lane of its own where there are two, and what is left where there is one. */
export const LONGEST = 'long-life';

/** The order in which lanes take up work: the longest at once where it has a lane of its own, then from small to large, so that each is reached. */
export function order(works: readonly Work[], lanes: number): readonly Work[] {
  const rest = works.filter(({ name }) => name !== LONGEST).toSorted((a, b) => a.needMs - b.needMs);
  const longest = works.filter(({ name }) => name === LONGEST);
  return lanes > 1 ? [...longest, ...rest] : [...rest, ...longest];
}

/**
 * How long the next one may take: an equal share of what is left for those that still wait, itself among them. Since the small ones come first and
 * need less than their share, the large ones part what these leave.
 */
export function shareOf(next: Work, { waiting, time }: { readonly waiting: readonly Work[]; readonly time: Time }): number {
  if (next.name === LONGEST && time.lanes > 1) return time.leftMs;
  return Math.min(time.leftMs, (time.leftMs * time.lanes) / (waiting.length + 1));
}
