import type { Socket } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { IDLE_MS } from '../../src/http/agent.ts';
import type { Exchange } from '../../src/http/call.ts';
import { createTestCaller, TIMEOUT_MS } from '../support/calling.ts';
import type { TestCaller } from '../support/calling.ts';
import { openRawServer, rawAnswer, refusedPort } from '../support/raw-server.ts';
import type { RawRequest, RawServer } from '../support/raw-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function openPair(
  react: (request: RawRequest) => void,
  options?: Parameters<typeof openRawServer>[1],
): Promise<{ readonly server: RawServer; readonly caller: TestCaller }> {
  const server = await openRawServer(react, options);
  const caller = createTestCaller(`http://127.0.0.1:${server.port}`);
  open.push(server, caller);
  return { server, caller };
}

const WHOLE = rawAnswer(200, '{"ok":true}');
const answerWhole = ({ socket }: RawRequest): void => {
  socket.write(WHOLE);
};

describe('what is surely not sent', () => {
  it('is a call to a port where nobody listens', async () => {
    const caller = createTestCaller(`http://127.0.0.1:${await refusedPort()}`);
    const mayBegin = vi.fn<() => boolean>(() => true);
    expect(await caller.post({ mayBegin })).toMatchObject({
      kind: 'not_sent',
      why: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(mayBegin).not.toHaveBeenCalled();
    expect(caller.clock.sleeping).toBe(0);
  });

  it('is a call to a name that does not exist', async () => {
    const caller = createTestCaller('http://no-such-host.invalid');
    expect(await caller.post()).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
  });

  it('is a call that may not begin when its connection stands: not a byte is written', async () => {
    const { server, caller } = await openPair(answerWhole);
    expect(await caller.post({ mayBegin: () => false })).toEqual({ kind: 'not_sent', why: 'not_begun', detail: '' });
    await vi.waitFor(() => expect(server.open).toBe(0));
    expect(server.accepted).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it('is a call that may not begin on a connection used before', async () => {
    const { server, caller } = await openPair(answerWhole);
    expect(await caller.post()).toMatchObject({ kind: 'answer' });
    expect(await caller.post({ mayBegin: () => false })).toMatchObject({ kind: 'not_sent', why: 'not_begun' });
    await vi.waitFor(() => expect(server.open).toBe(0));
    expect(server.accepted).toBe(1);
    expect(server.requests).toHaveLength(1);
  });

  it('asks once for each call, whether the connection is fresh or not', async () => {
    const { server, caller } = await openPair(answerWhole);
    const mayBegin = vi.fn<() => boolean>(() => true);
    for (const _ of [1, 2, 3]) await caller.post({ mayBegin, body: 'x'.repeat(300_000) });
    expect(mayBegin).toHaveBeenCalledTimes(3);
    expect(server.accepted).toBe(1);
  });
});

describe('what can not be known', () => {
  it('is a connection that ends before the request is read', async () => {
    const onConnection = (socket: Socket): void => {
      socket.removeAllListeners('data').once('data', () => socket.resetAndDestroy());
    };
    const { server, caller } = await openPair(answerWhole, { onConnection });
    expect(await caller.post()).toMatchObject({ kind: 'unknown', why: 'cut', status: null });
    expect(server.requests).toEqual([]);
  });

  it('is a connection that ends after the request was read', async () => {
    const { server, caller } = await openPair(({ socket }) => socket.destroy());
    expect(await caller.post()).toMatchObject({ kind: 'unknown', why: 'cut', status: null, detail: expect.stringContaining('ECONNRESET') });
    expect(server.requests).toHaveLength(1);
  });

  it('is a kept connection that ends just when it is used again', async () => {
    const { server, caller } = await openPair((request) => {
      if (request.turn === 0) answerWhole(request);
      else request.socket.destroy();
    });
    expect(await caller.post()).toMatchObject({ kind: 'answer' });
    expect(await caller.post()).toMatchObject({ kind: 'unknown', why: 'cut' });
    expect(server.accepted).toBe(1);
  });

  it('is a time that runs out after the request was written, and the connection is let go', async () => {
    const { server, caller } = await openPair(() => {});
    const call = caller.post();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    caller.clock.pass(TIMEOUT_MS);
    expect(await call).toMatchObject({ kind: 'unknown', why: 'timeout', status: null });
    await vi.waitFor(() => expect(server.open).toBe(0));
    expect(caller.clock.sleeping).toBe(0);
  });

  it('is a time that runs out amid the answer', async () => {
    const { server, caller } = await openPair(({ socket }) => socket.write(WHOLE.subarray(0, -3)));
    let settled: Exchange | null = null;
    void caller.post().then((exchange) => {
      settled = exchange;
    });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    caller.clock.pass(TIMEOUT_MS);
    await vi.waitFor(() => expect(settled).toMatchObject({ kind: 'unknown', why: 'timeout' }));
  });

  it('is an answer that is no HTTP', async () => {
    const { caller } = await openPair(({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await caller.post()).toMatchObject({ kind: 'unknown', why: 'unreadable', status: null });
  });

  it('is an answer that goes on too long, and it is not read to its end', async () => {
    const { server, caller } = await openPair(({ socket }) =>
      socket.write(rawAnswer(200, 'x'.repeat(50_000), { 'Content-Length': '9000000' })),
    );
    expect(await caller.post()).toMatchObject({ kind: 'unknown', why: 'unreadable', status: 200, detail: 'the answer is too long' });
    await vi.waitFor(() => expect(server.open).toBe(0));
  });

  const chunked = Buffer.from(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n6\r\n{"ok":\r\n5\r\ntrue}\r\n0\r\n\r\n',
  );
  it.each([
    ['of known length', rawAnswer(200, '{"ok":true,"result":{"message_id":7}}')],
    ['in chunks', chunked],
    ['of a refusal', rawAnswer(403, '{"ok":false}')],
    ['that says to wait', rawAnswer(429, '{"ok":false}', { 'Retry-After': '7' })],
  ])('is an answer %s that is cut at any byte', async (_, answer) => {
    const { caller } = await openPair(({ index, socket }) => socket.end(answer.subarray(0, index)));
    for (let length = 0; length < answer.length; length += 1) {
      const exchange = await caller.post();
      expect(exchange, `cut at ${length}`).toMatchObject({ kind: 'unknown', why: 'cut' });
    }
    expect(await caller.post()).toMatchObject({ kind: 'answer' });
  });
});

describe('connections', () => {
  it('are used again while they were idle for at most two seconds', async () => {
    const { server, caller } = await openPair(answerWhole);
    await caller.post();
    caller.clock.pass(IDLE_MS);
    await caller.post();
    expect(server.accepted).toBe(1);
    caller.clock.pass(IDLE_MS + 1);
    expect(await caller.post()).toMatchObject({ kind: 'answer' });
    expect(server.accepted).toBe(2);
    await vi.waitFor(() => expect(server.open).toBe(1));
  });

  it('are let go by themselves when nobody needs them', async () => {
    const { server, caller } = await openPair(answerWhole);
    await caller.post();
    expect(server.open).toBe(1);
    await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 10_000 });
  });

  it('that the other side closed while idle are replaced without a loss', async () => {
    const { server, caller } = await openPair(({ socket }) => socket.end(WHOLE));
    for (const _ of [1, 2, 3]) {
      expect(await caller.post()).toMatchObject({ kind: 'answer', status: 200 });
      await vi.waitFor(() => expect(server.open).toBe(0));
    }
    expect(server.accepted).toBe(3);
  });

  it('serve a hundred calls at once, each with its own answer, and then again', async () => {
    const { server, caller } = await openPair(({ body, socket }) => socket.write(rawAnswer(200, body)));
    for (const round of ['a', 'b', 'c']) {
      const bodies = Array.from({ length: 100 }, (_, index) => `${round}${index}`);
      const answers = await Promise.all(bodies.map((body) => caller.post({ body })));
      expect(answers.map((answer) => answer.kind === 'answer' && answer.body)).toEqual(bodies);
    }
    expect(server.accepted).toBe(100);
  });

  it('follow no redirect', async () => {
    const { server, caller } = await openPair(({ socket }) => socket.write(rawAnswer(302, '', { Location: '/elsewhere' })));
    expect(await caller.post()).toMatchObject({ kind: 'answer', status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  it('are all let go at closing; what is under way is not known, what comes later is not begun', async () => {
    const { server, caller } = await openPair((request) => {
      if (request.index === 0) answerWhole(request);
    });
    await caller.post();
    const [first, second] = [caller.post(), caller.post()];
    await vi.waitFor(() => expect(server.requests).toHaveLength(3));
    caller.close();
    expect(await Promise.all([first, second])).toMatchObject([
      { kind: 'unknown', why: 'cut' },
      { kind: 'unknown', why: 'cut' },
    ]);
    expect(await caller.post()).toMatchObject({ kind: 'not_sent', why: 'not_begun' });
    await vi.waitFor(() => expect(server.open).toBe(0));
    expect(caller.clock.sleeping).toBe(0);
  });

  it('take a mistake of the caller as an exception, without the address', async () => {
    const { caller } = await openPair(answerWhole);
    await expect(caller.post({ headers: { Bad: 'a\r\nb' } })).rejects.toThrow(/^(?!.*secret)/);
  });
});
