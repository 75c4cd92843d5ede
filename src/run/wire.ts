/** Calls that are under way, and those that have ended and were not taken yet. */
export interface Wire<T> {
  /** How many are under way. */
  readonly size: number;
  /** A call that never rejects. */
  put(call: Promise<T>): void;
  /** Those that have ended since the last taking, in the order of their ends. */
  take(): T[];
  /** Resolves when at most so many are under way. One waits at a time. */
  until(most: number): Promise<void>;
}

export function createWire<T>(): Wire<T> {
  let size = 0;
  let ended: T[] = [];
  let waiting = { most: Number.POSITIVE_INFINITY, wake: (): void => {} };
  return {
    get size() {
      return size;
    },
    put: (call) => {
      size += 1;
      void call.then((one) => {
        size -= 1;
        ended.push(one);
        if (size <= waiting.most) waiting.wake();
      });
    },
    take: () => {
      const taken = ended;
      ended = [];
      return taken;
    },
    until: (most) =>
      size <= most
        ? Promise.resolve()
        : new Promise((wake) => {
            waiting = { most, wake };
          }),
  };
}
