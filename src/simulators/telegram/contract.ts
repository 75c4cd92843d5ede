import type { Clock } from '../../ports/host.ts';
import type { BotDefinition } from './bots.ts';
import type { Faults } from '../faults.ts';
import type { Group, Person } from './people.ts';
import type { Limits } from './rates.ts';
import type { CallRecord, Counts, DeliveredMessage } from './record.ts';

export interface SimulatorOptions {
  /** The host's, or a virtual one that the program under test shares. */
  readonly clock: Clock;
  /** 0 (the default) = any free port. */
  readonly port?: number;
  /** The default is `SIMULATED_BOT`. */
  readonly bots?: readonly BotDefinition[];
  readonly latencyMs?: number;
  readonly limits?: Partial<Limits>;
  readonly onMessage?: (message: DeliveredMessage) => void;
}

/** A bot as the tests hold it. */
export interface SimulatedBot {
  readonly id: number;
  readonly token: string;
  readonly username: string;
  /** Updates that it has neither confirmed nor lost by age. */
  pendingUpdates(): number;
  revoke(): void;
  /** What `setWebhook` does, from elsewhere; null deletes it. */
  setWebhook(url: string | null): void;
  /** As after a week without updates: unconfirmed ones are gone, and the next has this id. */
  restartUpdates(nextId: number): void;
}

export interface TelegramSimulator {
  /** What the settings call `apiRoot`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Every call that reached the simulator, and every message that stands in a chat. */
  readonly calls: readonly CallRecord[];
  readonly messages: readonly DeliveredMessage[];
  counts(): Counts;
  bot(username?: string): SimulatedBot;
  /** Someone whom the bot doesn't know yet. `bot` is its username, the first one by default. */
  person(who?: { readonly name?: string; readonly languageCode?: string | null; readonly id?: number; readonly bot?: string }): Person;
  group(what?: { readonly title?: string; readonly id?: number; readonly bot?: string }): Group;
  setLimits(limits: Partial<Limits>): void;
  setLatency(ms: number): void;
  /** Breaks every connection off and refuses new ones, for so long or until `accept`. */
  refuse(ms?: number): Promise<void>;
  accept(): Promise<void>;
  /** Forgets calls, messages and faults; people and their updates stay. */
  reset(): void;
  stop(): Promise<void>;
}
