import type { Answer, OwnErrors } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import type { SmsWorld } from './world.ts';

/** One request as an operator sees it: parameters of the query, the form or the JSON body together. */
export interface SmsRequest {
  readonly verb: string;
  /** Below the operator's root, without the query. */
  readonly path: string;
  readonly arguments: Arguments;
  /** What is wrong with the body's form; null = nothing. */
  readonly problem: string | null;
  readonly authorization: string;
}

/** What makes one operator unlike another. */
export interface Operator {
  /** Path that all others lie below: `/api/v1`. */
  readonly root: string;
  readonly errors: OwnErrors;
  /** The number that a request is about, as it stands there. */
  numberOf(args: Arguments): string;
  answer(world: SmsWorld, request: SmsRequest): Answer;
  /** The parsed body of an answer to a send, with its item gone or about another number; null = left as it is. */
  twist(body: Record<string, unknown>, kind: 'itemMissing' | 'otherNumber'): Record<string, unknown> | null;
}

/** Belongs to nobody: the digits of Russian films. */
export const OTHER_NUMBER = '79995550000';
