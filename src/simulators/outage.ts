import type { Listener } from './listener.ts';
import type { Presence } from './presence.ts';

/** A service that can't be reached for a while. Of several outages at once the one that ends last decides. */
export interface Outage {
  /** Breaks every connection off and refuses new ones, for so long or until `accept`. */
  refuse(ms?: number): Promise<void>;
  accept(): Promise<void>;
}

export function createOutage(presence: Presence, listener: () => Listener, stopped: AbortSignal): Outage {
  /** By the presence's monotonic clock. */
  let until = 0;
  return {
    refuse: async (ms = Infinity) => {
      until = Math.max(until, presence.monotonic() + ms);
      await listener().down();
      if (ms === Infinity) return;
      void presence.sleep(ms, stopped).then(() => (stopped.aborted || presence.monotonic() < until ? undefined : listener().up()));
    },
    accept: () => {
      until = 0;
      return listener().up();
    },
  };
}
