import { Agent } from 'node:http';
import type { ClientRequest, ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Opener, Target } from './open.ts';

/** A connection that was idle for longer may be dead without our knowing, and a request on a dead one can't be told from a lost answer. */
export const IDLE_MS = 2_000;

/** What one request's way to the wire proves. The agent writes it, the caller reads it when all is over. */
export interface Evidence {
  /** Asked once, right before the first byte. */
  readonly mayBegin: () => boolean;
  /**
   * no: surely nothing of the request was written, because no connection stood · refused: one stood, but `mayBegin` said no, so nothing was
   * written · yes: bytes may have left.
   */
  begun: 'no' | 'refused' | 'yes';
  /** The first thing that went wrong below HTTP. */
  mishap: unknown;
  /** Lets go of the connection, standing or not. */
  abandon: () => void;
}

export function createEvidence(mayBegin: () => boolean): Evidence {
  return { mayBegin, begun: 'no', mishap: null, abandon: () => {} };
}

/** Node's own hooks, older than the documentation and relied on by every proxy agent. */
interface Hooks {
  addRequest(this: Agent, request: ClientRequest, options: object): void;
}

const HOOKS = Agent.prototype as unknown as Hooks;

/**
 * Connections to one target, and what they prove. A request gets its socket only when that stands, so whatever fails before is surely not sent;
 * and no byte of it is written before `mayBegin` said yes. Neither node-fetch nor Node's error codes can tell this: a stale connection and one
 * that was closed after the request was served give the same error.
 */
export class ProvingAgent extends Agent {
  readonly #open: Opener;
  readonly #monotonic: () => number;
  readonly #opening = new Set<AbortController>();
  readonly #freedAt = new WeakMap<Duplex, number>();
  readonly #evidence = new WeakMap<Duplex, Evidence>();

  /** `keep`: how many idle connections are kept. How many are open at once is the caller's business. */
  constructor(
    target: Target,
    { open, monotonic, keep }: { readonly open: Opener; readonly monotonic: () => number; readonly keep: number },
  ) {
    super({ keepAlive: true, maxFreeSockets: keep, ...(target.secure ? { defaultPort: 443, protocol: 'https:' } : {}) });
    this.#open = open;
    this.#monotonic = monotonic;
  }

  /**
   * The agent as one request sees it: node-fetch hands nothing on to the agent by which requests could be told apart. It puts the body in, which
   * node-fetch must not be given then: it would send even a line of text through a pipeline of streams, a fifth of a call's processor time.
   */
  forRequest(evidence: Evidence, body: string | null): Agent {
    const addRequest = (request: ClientRequest, options: object): void => {
      if (body !== null) putBody(request, body);
      request.once('socket', (socket) => this.#hand(socket, evidence));
      request.once('error', (error) => {
        evidence.mishap ??= error;
      });
      this.#dropStale();
      HOOKS.addRequest.call(this, request, { ...options, evidence });
    };
    return Object.assign(Object.create(this) as Agent, { addRequest });
  }

  /** One target, so one name: Node's own would be put together anew for every request. */
  override getName(): string {
    return 'target';
  }

  override createConnection(options: ClientRequestArgs, settle: (error: Error | null, socket: Duplex) => void): undefined {
    const { evidence } = options as ClientRequestArgs & { readonly evidence: Evidence };
    const opening = new AbortController();
    this.#opening.add(opening);
    evidence.abandon = () => opening.abort();
    void this.#open(opening.signal)
      .finally(() => this.#opening.delete(opening))
      .then(
        (socket) => {
          this.#guard(socket);
          settle(null, socket);
        },
        (error: Error) => {
          evidence.mishap ??= error;
          settle(error, undefined as never);
        },
      );
  }

  override keepSocketAlive(socket: Duplex): boolean {
    this.#freedAt.set(socket, this.#monotonic());
    // Node's agent destroys an idle socket on its timeout; it answers whether the socket may be kept, whatever its type says.
    const kept = (super.keepSocketAlive(socket) as unknown) !== false;
    (socket as Socket).setTimeout(IDLE_MS);
    return kept;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    (socket as Socket).setTimeout(0);
    super.reuseSocket(socket, request);
  }

  override destroy(): void {
    for (const opening of this.#opening) opening.abort();
    super.destroy();
  }

  /** Timers run late in a busy or sleeping process, so the age counts at the moment of use. The last one freed is the first one reused. */
  #dropStale(): void {
    const idle = this.freeSockets['target'];
    const freshest = idle?.at(-1);
    if (idle === undefined || freshest === undefined) return;
    if (!freshest.destroyed && this.#monotonic() - (this.#freedAt.get(freshest) ?? 0) <= IDLE_MS) return;
    for (const socket of idle.splice(0)) socket.destroy();
  }

  #hand(socket: Duplex, evidence: Evidence): void {
    this.#evidence.set(socket, evidence);
    evidence.abandon = () => {
      // By then it may have gone on to the next request.
      if (this.#evidence.get(socket) === evidence) socket.destroy();
    };
  }

  /** Stands at the last door: Node writes a request by `socket.write` and nothing else. */
  #guard(socket: Socket): void {
    const write = socket.write.bind(socket) as (...chunk: readonly unknown[]) => boolean;
    socket.write = (...chunk: readonly unknown[]): boolean => {
      const evidence = this.#evidence.get(socket);
      if (evidence === undefined) throw new Error('a write on a socket that belongs to no request');
      if (evidence.begun === 'no' && socket.writable) {
        evidence.begun = evidence.mayBegin() ? 'yes' : 'refused';
        if (evidence.begun === 'refused') socket.destroy(new Error('not begun'));
      }
      return evidence.begun === 'yes' && write(...chunk);
    };
  }
}

/** Head and body leave in one write. Called before the head is put together. */
function putBody(request: ClientRequest, body: string): void {
  const end = request.end.bind(request);
  request.setHeader('Content-Length', Buffer.byteLength(body));
  request.end = () => end(body);
}
