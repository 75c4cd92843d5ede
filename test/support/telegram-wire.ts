import { Secret } from '../../src/core/secret.ts';
import type { Channel } from '../../src/ports/channel.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import type { TelegramChannelSettings } from '../../src/telegram/channel.ts';
import { createHandClock } from './hand-clock.ts';
import type { HandClock } from './hand-clock.ts';
import { openRawServer, rawAnswer } from './raw-server.ts';
import type { RawRequest, RawServer } from './raw-server.ts';

export const TEST_TOKEN = '123456789:AAE-not_a_real_token_0123456789abcde';
/** The part that must never be seen. */

export interface TelegramWire {
  readonly channel: Channel;
  readonly clock: HandClock;
  readonly server: RawServer;
  /** Method and body of each request so far. */
  readonly calls: () => readonly { readonly path: string; readonly body: unknown }[];
  close(): Promise<void>;
}

/** A channel and a server that answers each request with the bytes given: nothing = silence. */
export async function openTelegramWire(
  answer: Buffer | ((request: RawRequest) => Buffer | null),
  { path = '', ...changes }: Partial<TelegramChannelSettings> & { readonly path?: string } = {},
): Promise<TelegramWire> {
  const server = await openRawServer((request) => {
    const bytes = typeof answer === 'function' ? answer(request) : answer;
    if (bytes !== null) request.socket.write(bytes);
  });
  const clock = createHandClock();
  const channel = createTelegramChannel({
    settings: { ...testTelegramSettings(`http://127.0.0.1:${server.port}${path}`), ...changes },
    clock,
  });
  return {
    channel,
    clock,
    server,
    calls: () =>
      server.requests.map(({ head, body }) => ({ path: /^POST (\S+)/.exec(head)?.[1] ?? '', body: JSON.parse(body) as unknown })),
    close: async () => {
      channel.close();
      await server.close();
    },
  };
}

export function testTelegramSettings(apiRoot: string): TelegramChannelSettings {
  return { token: new Secret(TEST_TOKEN), apiRoot, proxy: null, ca: null, broadcast: 'free', timeoutMs: 30_000, concurrency: 3 };
}

export function sayResult(result: unknown): Buffer {
  return rawAnswer(200, JSON.stringify({ ok: true, result }));
}

export function sayError(code: number, description: string, parameters?: Readonly<Record<string, unknown>>): Buffer {
  return rawAnswer(code, JSON.stringify({ ok: false, error_code: code, description, parameters }));
}

export const SENT_MESSAGE = { message_id: 4711, date: 1_764_000_000, chat: { id: 42, type: 'private', first_name: 'Иван' }, text: 'ok' };
