import fetch, { FetchError } from 'node-fetch';

import type { Clock } from '../ports/host.ts';
import { createEvidence, ProvingAgent } from './agent.ts';
import type { Evidence } from './agent.ts';
import { createDeadlines } from './deadlines.ts';
import { codeOf, describeMishap } from './mishap.ts';
import { createOpener, createTrust, reachDirectly, targetOf } from './open.ts';
import { createTunnel } from './proxy.ts';
import type { Scrub } from './scrub.ts';

export interface Call {
  /** Of the caller's target. */
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Bytes of an answer's body beyond which it isn't read. */
  readonly longest: number;
  /** Asked when the connection stands, right before the first byte; false = nothing is written. */
  readonly mayBegin: () => boolean;
}

/** What is known of one exchange. `detail` is a scrubbed line. */
export type Exchange =
  /** A whole answer, whatever its status; redirects are not followed. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly header: (name: string) => string | null }
  /** Surely no byte of the request was written. */
  | { readonly kind: 'not_sent'; readonly why: 'unreachable' | 'not_begun'; readonly detail: string }
  /** The request may have been served. `status` is set when at least the head of an answer came. */
  | { readonly kind: 'unknown'; readonly why: 'timeout' | 'cut' | 'unreadable'; readonly status: number | null; readonly detail: string };

export interface Caller {
  call(call: Call): Promise<Exchange>;
  /** Breaks off what is under way and lets go of every connection; later calls are not begun. */
  close(): void;
}

/** Calls to one target (scheme, host and port of `root`). Throws for a proxy or an authority that can't be used. */
export function createCaller({
  root,
  proxy,
  ca,
  timeoutMs,
  keep,
  clock,
  scrub,
}: {
  readonly root: URL;
  /** `http`, `https`, `socks5` or `socks5h` address with its credentials; null = none. */
  readonly proxy: string | null;
  /** PEM text of an own authority, trusted beside the usual ones. */
  readonly ca: string | null;
  /** From the call's beginning to the last byte of its answer. */
  readonly timeoutMs: number;
  /** Idle connections kept: as many as there are calls at once. */
  readonly keep: number;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly scrub: Scrub;
}): Caller {
  const target = targetOf(root);
  const trust = createTrust(ca);
  const reach = proxy === null ? (signal: AbortSignal) => reachDirectly(target, signal) : createTunnel(proxy, { target, trust, timeoutMs });
  const agent = new ProvingAgent(target, { open: createOpener(target, { reach, trust }), monotonic: () => clock.monotonic(), keep });
  const deadlines = createDeadlines(clock, timeoutMs);
  let closed = false;

  const call = (asked: Call): Promise<Exchange> =>
    new Promise((resolve, reject) => {
      const way = { evidence: createEvidence(() => !closed && asked.mayBegin()), status: null };
      const callOff = deadlines.start(() => {
        resolve(fail(way, { why: 'timeout', detail: `timeout of ${timeoutMs} ms` }));
        way.evidence.abandon();
      });
      exchange(asked, { agent, way })
        .finally(callOff)
        .then(
          (answer) => resolve(answer.kind === 'answer' ? answer : { ...answer, detail: scrub(answer.detail) }),
          (error: unknown) => reject(new Error(scrub(describeMishap(error)))),
        );
    });

  return {
    call: (asked) => (closed ? Promise.resolve({ kind: 'not_sent', why: 'not_begun', detail: '' }) : call(asked)),
    close: () => {
      closed = true;
      agent.destroy();
    },
  };
}

/** How far a call got. */
interface Way {
  readonly evidence: Evidence;
  /** Of the answer whose head has come. */
  status: number | null;
}

async function exchange(
  { url, method, headers, body, longest }: Call,
  { agent, way }: { readonly agent: ProvingAgent; readonly way: Way },
): Promise<Exchange> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      agent: agent.forRequest(way.evidence, body),
      redirect: 'manual',
      compress: false,
      size: longest,
    });
    way.status = response.status;
    const text = await response.text();
    return { kind: 'answer', status: response.status, body: text, header: (name) => response.headers.get(name) };
  } catch (error) {
    // Nothing went wrong on the way and still there is an error: a mistake in this program.
    if (!(error instanceof FetchError) && way.evidence.mishap === null && way.evidence.begun === 'no') throw error;
    return fail(way, judge(error, way.evidence));
  }
}

function judge(error: unknown, { mishap }: Evidence): { readonly why: 'cut' | 'unreadable'; readonly detail: string } {
  if (error instanceof FetchError && error.type === 'max-size') return { why: 'unreadable', detail: 'the answer is too long' };
  const cause = mishap ?? error;
  // llhttp's own codes: what came is no HTTP.
  const isHttp = codeOf(cause)?.startsWith('HPE_') !== true;
  // node-fetch puts the request's address into its messages.
  const detail = cause instanceof FetchError ? (cause.code ?? 'the answer broke off') : describeMishap(cause);
  return { why: isHttp ? 'cut' : 'unreadable', detail };
}

function fail({ evidence, status }: Way, known: { readonly why: 'timeout' | 'cut' | 'unreadable'; readonly detail: string }): Exchange {
  switch (evidence.begun) {
    case 'no':
      return { kind: 'not_sent', why: 'unreachable', detail: known.detail };
    case 'refused':
      return { kind: 'not_sent', why: 'not_begun', detail: '' };
    case 'yes':
      return { kind: 'unknown', ...known, status };
  }
}
