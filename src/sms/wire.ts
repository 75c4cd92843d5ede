import type { Instant } from '../core/glossary.ts';
import type { SmsSettings } from '../core/settings.ts';
import { createCaller } from '../http/call.ts';
import type { Exchange } from '../http/call.ts';
import { createScrubber, secretsOfProxy } from '../http/scrub.ts';
import type { Scrub } from '../http/scrub.ts';
import type { OutgoingSms } from '../ports/gateway.ts';
import type { Clock } from '../ports/host.ts';

/** What a gateway needs of the settings. `key` is PUSHSMS's token. */
export type GatewaySettings = Pick<SmsSettings, 'key' | 'sender' | 'apiRoot' | 'proxy' | 'ca' | 'timeoutMs'>;

/** The way to one operator. */
export interface Wire {
  call(path: string, request: WireRequest): Promise<Exchange>;
  now(): Instant;
  /** No key, no proxy's password and no hidden path is left; with an SMS neither its number nor its text, which holds the guest's own link. */
  scrub(sms?: Pick<OutgoingSms, 'number' | 'text'>): Scrub;
  close(): void;
}

interface WireRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly mayBegin?: () => boolean;
}

const LONGEST_ANSWER = 1_048_576;
const ALWAYS = (): boolean => true;

/** `root`: the operator's own. Throws for an address, a proxy or an authority that can't be used, naming none of them. */
export function createWire(settings: GatewaySettings, { root, clock }: { readonly root: string; readonly clock: Clock }): Wire {
  const base = (settings.apiRoot ?? root).replace(/\/+$/, '');
  if (!URL.canParse(base)) throw new Error('sms.apiRoot is no address');
  const { pathname } = new URL(base);
  const hidden = settings.apiRoot === null || pathname === '/' ? [] : [pathname];
  const proxy = settings.proxy?.reveal() ?? null;
  const secrets = [settings.key.reveal(), ...hidden, ...secretsOfProxy(proxy)];
  const scrub = createScrubber(secrets);
  // One call at a time, so one connection is kept.
  const caller = createCaller({ root: new URL(base), proxy, ca: settings.ca, timeoutMs: settings.timeoutMs, keep: 1, clock, scrub });
  return {
    call: (path, { method = 'POST', headers = {}, body = null, mayBegin = ALWAYS }) =>
      caller.call({
        url: new URL(`${base}${path}`),
        method,
        headers: { Accept: 'application/json', 'User-Agent': 'tp-tg-notify', ...headers },
        body,
        longest: LONGEST_ANSWER,
        mayBegin,
      }),
    now: () => clock.now(),
    scrub: (sms) => (sms === undefined ? scrub : createScrubber([...secrets, ...partsOf(sms)])),
    close: () => {
      caller.close();
    },
  };
}

/** The text without its link is no secret, but the link is one, also without its scheme; its payload too, however often the rest was encoded. */
function partsOf({ number, text }: Pick<OutgoingSms, 'number' | 'text'>): readonly string[] {
  const payloads = [...text.matchAll(/[?&]start=([\w-]+)/gu)].flatMap(([, payload]) => payload ?? []);
  return [number, ...text.split(/\s+/u).filter((word) => word.length > 20 || word.includes('/')), ...payloads];
}
