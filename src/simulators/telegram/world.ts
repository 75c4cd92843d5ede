import type { Presence } from '../presence.ts';
import type { Answer } from './answers.ts';
import type { Arguments } from './arguments.ts';
import type { Bot } from './bots.ts';
import type { Faults } from './faults.ts';
import type { Limits } from './rates.ts';
import type { CallRecord, DeliveredMessage, SimulatorRecord } from './record.ts';

/** Everything that one simulator holds. */
export interface World {
  readonly presence: Presence;
  /** By token. */
  readonly bots: Map<string, Bot>;
  readonly faults: Faults;
  readonly record: SimulatorRecord;
  limits: Limits;
  /** From the request's arrival to its answer; half of it lies before the processing. */
  latencyMs: number;
  onMessage: ((message: DeliveredMessage) => void) | null;
  /** Aborts when the simulator stops. */
  readonly stopped: AbortSignal;
}

/** One call of a known bot, with what a method needs to answer it. */
export interface MethodCall {
  readonly world: World;
  readonly bot: Bot;
  readonly arguments: Arguments;
  readonly call: CallRecord;
  /** Sleeps while the client waits. */
  park(ms: number, signal?: AbortSignal): Promise<void>;
  /** Aborts when the client gives up. */
  gone(): AbortSignal;
}

export type Method = (call: MethodCall) => Answer | Promise<Answer>;
