/** One line of the table: what was tried how often, and what came of it. */
export interface Row {
  /** Number of the design's promise, or another word for what it is about. */
  readonly promise: string;
  readonly what: string;
  readonly figure: string;
  readonly must: string;
  readonly kept: boolean;
}

export interface ProveWish {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Real time (monotonic milliseconds) after which a chapter stops in order and says how far it came. */
  readonly deadline: number;
  /** Keeps what a chapter has done so far, so that an interrupted proof goes on where it was. */
  readonly progress: Progress;
  readonly tell: (line: string) => void;
}

export interface Progress {
  read<T>(chapter: string): T | null;
  write(chapter: string, state: unknown): void;
  /** Keeps a failing case for whoever mends it; answers where. */
  keep(name: string, content: unknown): string;
}

export interface Chapter {
  readonly name: string;
  /** Engines it can run on; elsewhere it is listed as not shown. */
  readonly engines: readonly ('sqlite' | 'mssql')[];
  run(wish: ProveWish): Promise<readonly Row[]>;
}
