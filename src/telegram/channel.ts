import type { Outcome } from '../core/outcome.ts';
import type { TelegramSettings } from '../core/settings.ts';
import { createCaller } from '../http/call.ts';
import type { Exchange } from '../http/call.ts';
import { createScrubber, secretsOfProxy } from '../http/scrub.ts';
import type { Scrub } from '../http/scrub.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/host.ts';
import { judgeAsk, judgeSend } from './judge.ts';
import type { InVain } from './judge.ts';
import { messageComposer } from './message.ts';
import { readBot, readDone, readPage, readWebhook } from './results.ts';
import { ALLOWED_UPDATES } from './updates.ts';

export type TelegramChannelSettings = Pick<
  TelegramSettings,
  'token' | 'apiRoot' | 'proxy' | 'ca' | 'timeoutMs' | 'broadcast' | 'concurrency'
>;

const METHODS = ['deleteWebhook', 'getMe', 'getUpdates', 'getWebhookInfo', 'sendMessage', 'setMyCommands'] as const;
type Method = (typeof METHODS)[number];

const HEADERS = { 'Content-Type': 'application/json', 'User-Agent': 'tp-tg-notify' };
const LONGEST_ANSWER = 1_048_576;
/** A hundred of the longest texts, each character escaped, with as much again quoted in replies: guests must not be able to jam the queue. */
const LONGEST_PAGE = 33_554_432;
const ALWAYS = (): boolean => true;

/** The Bot API over HTTP. Throws for a root, a proxy or an authority that can't be used, naming none of them. */
export function createTelegramChannel({ settings, clock }: { readonly settings: TelegramChannelSettings; readonly clock: Clock }): Channel {
  const { ca, timeoutMs, concurrency } = settings;
  const proxy = settings.proxy?.reveal() ?? null;
  const token = settings.token.reveal();
  const urls = methodUrls(settings.apiRoot, token);
  const scrub = createScrubber([token, token.slice(token.indexOf(':') + 1), ...pathSecrets(settings.apiRoot), ...secretsOfProxy(proxy)]);
  const caller = createCaller({ root: urls.getMe, proxy, ca, timeoutMs, keep: concurrency, clock, scrub });
  const composeMessage = messageComposer(settings.broadcast);

  const call = (method: Method, body: string, { mayBegin = ALWAYS, longest = LONGEST_ANSWER } = {}): Promise<Exchange> =>
    caller.call({ url: urls[method], method: 'POST', headers: HEADERS, body, longest, mayBegin });

  /** `read` gives null for a result of another shape. */
  const ask = async <T extends { readonly answer: string }>(
    method: Method,
    parameters: object,
    { read, longest = LONGEST_ANSWER }: Question<T>,
  ): Promise<T | InVain> => {
    const judged = judgeAsk(await call(method, JSON.stringify(parameters), { longest }), clock.now());
    if (judged.answer !== 'result') return scrubbed(judged, scrub);
    return read(judged.result) ?? { answer: 'unreadable', detail: `${method}: a result of another shape` };
  };

  return {
    identify: () => ask('getMe', {}, { read: readBot }),
    pull: (offset) => {
      const parameters = { ...(offset === null ? {} : { offset }), limit: 100, timeout: 0, allowed_updates: ALLOWED_UPDATES };
      return ask('getUpdates', parameters, { read: readPage, longest: LONGEST_PAGE });
    },
    send: async (message, mayBegin): Promise<Outcome> =>
      scrubbed(judgeSend(await call('sendMessage', composeMessage(message), { mayBegin }), clock.now()), scrub),
    readWebhook: () => ask('getWebhookInfo', {}, { read: (result) => readWebhook(result, scrub) }),
    deleteWebhook: () => ask('deleteWebhook', {}, { read: readDone }),
    setCommands: (commands, language) =>
      ask('setMyCommands', { commands, ...(language === null ? {} : { language_code: language }) }, { read: readDone }),
    close: () => {
      caller.close();
    },
  };
}

interface Question<T> {
  readonly read: (result: unknown) => T | null;
  readonly longest?: number;
}

/** The root may end in a slash and may have a path of its own: a reverse proxy's. */
function methodUrls(apiRoot: string, token: string): Readonly<Record<Method, URL>> {
  const root = apiRoot.replace(/\/+$/, '');
  // The usual error would carry the address, and with it the token.
  if (!URL.canParse(root)) throw new Error('telegram.apiRoot is no address');
  const entries = METHODS.map((method) => [method, new URL(`${root}/bot${token}/${method}`)] as const);
  return Object.fromEntries(entries) as Record<Method, URL>;
}

/** A path under which a reverse proxy hides is a secret too. */
function pathSecrets(apiRoot: string): readonly string[] {
  const path = new URL(apiRoot).pathname.replace(/\/+$/, '');
  return path === '' ? [] : [path];
}

function scrubbed<T extends object>(judged: T, scrub: Scrub): T {
  return 'detail' in judged && typeof judged.detail === 'string' ? { ...judged, detail: scrub(judged.detail) } : judged;
}
