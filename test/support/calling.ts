import { createCaller } from '../../src/http/call.ts';
import type { Call, Caller, Exchange } from '../../src/http/call.ts';
import { createScrubber, secretsOfProxy } from '../../src/http/scrub.ts';
import { createHandClock } from './hand-clock.ts';
import type { HandClock } from './hand-clock.ts';

export interface TestCaller extends Caller {
  readonly clock: HandClock;
  /** Posts a small body to `/secret/path`; says yes to beginning unless told otherwise. */
  post(changes?: Partial<Call>): Promise<Exchange>;
}

export const TIMEOUT_MS = 30_000;

/** A caller on a clock that stands still, so that nothing times out by accident. `root` has no path. */
export function createTestCaller(
  root: string,
  { proxy = null, ca = null }: { readonly proxy?: string | null; readonly ca?: string | null } = {},
): TestCaller {
  const clock = createHandClock();
  const caller = createCaller({
    root: new URL(root),
    proxy,
    ca,
    timeoutMs: TIMEOUT_MS,
    keep: 100,
    clock,
    scrub: createScrubber(secretsOfProxy(proxy)),
  });
  const usual: Call = {
    url: new URL('/secret/path', root),
    method: 'POST',
    headers: {},
    body: '{"hello":"world"}',
    longest: 10_000,
    mayBegin: () => true,
  };
  return { ...caller, clock, post: (changes = {}) => caller.call({ ...usual, ...changes }) };
}
