import type { Answer } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import type { Scene, Waiting } from '../conduct.ts';
import type { Bot } from './bots.ts';
import type { Limits } from './rates.ts';
import type { CallRecord, DeliveredMessage, SimulatorRecord } from './record.ts';

/** Everything that one simulator holds. */
export interface World extends Scene {
  /** By token. */
  readonly bots: Map<string, Bot>;
  readonly record: SimulatorRecord;
  limits: Limits;
  latencyMs: number;
  onMessage: ((message: DeliveredMessage) => void) | null;
}

/** One call of a known bot, with what a method needs to answer it. */
export interface MethodCall extends Waiting {
  readonly world: World;
  readonly bot: Bot;
  readonly arguments: Arguments;
  readonly call: CallRecord;
}

export type Method = (call: MethodCall) => Answer | Promise<Answer>;
