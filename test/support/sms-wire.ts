import { onTestFinished } from 'vitest';

import type { GatewayName } from '../../src/core/sms-outcome.ts';
import type { Gateway } from '../../src/ports/gateway.ts';
import { createHandClock } from './hand-clock.ts';
import { openRawServer, rawAnswer } from './raw-server.ts';
import type { RawRequest, RawServer } from './raw-server.ts';
import { openTestGateway } from './sms-site.ts';

export interface SmsWire {
  readonly gateway: Gateway;
  readonly server: RawServer;
}

/** A gateway and a server that answers each request with these bytes. */
export async function openSmsWire(
  operator: GatewayName,
  answer: Buffer | ((request: RawRequest) => Buffer),
  { path = '', ...wish }: Partial<Parameters<typeof openTestGateway>[1]> & { readonly path?: string } = {},
): Promise<SmsWire> {
  const server = await openRawServer((request) => {
    request.socket.write(typeof answer === 'function' ? answer(request) : answer);
  });
  onTestFinished(() => server.close());
  const apiRoot = `http://127.0.0.1:${server.port}${path}`;
  return { server, gateway: openTestGateway(operator, { clock: createHandClock(), apiRoot, ...wish }) };
}

export function sayJson(json: unknown, status = 200): Buffer {
  return rawAnswer(status, JSON.stringify(json));
}
