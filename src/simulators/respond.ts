import type { ServerResponse } from 'node:http';
import type { Answer, OwnErrors } from './answer.ts';
import type { Fault } from './faults.ts';

/** A whole answer; false when the client is gone already. */
export function respond(response: ServerResponse, answer: Answer): boolean {
  if (isGone(response)) return false;
  const headers: Record<string, string | number> = { 'content-type': typeOf(answer), 'content-length': Buffer.byteLength(answer.body) };
  if (answer.retryAfter !== undefined) headers['retry-after'] = answer.retryAfter;
  response.writeHead(answer.status, headers).end(answer.body);
  return true;
}

/** What a fault puts in the place of the answer; null = the answer itself stands. */
export function replaceAnswer(fault: Fault, own: OwnErrors): Answer | null {
  if (fault.kind === 'html502') return { status: 502, body: errorPage('502 Bad Gateway'), contentType: 'text/html' };
  if (fault.kind === 'html504') return { status: 504, body: errorPage('504 Gateway Time-out'), contentType: 'text/html' };
  if (fault.kind === 'json500') return own.broken;
  if (fault.kind === 'storm429') return own.tooMany(fault.retryAfter);
  if (fault.kind === 'emptyBody') return { status: 200, body: '' };
  if (fault.kind === 'otherJson') return { status: 200, body: '{"status":"success","items":[]}' };
  return null;
}

/** Ends the connection without an answer: as a closed one, or as a reset one. */
export function cut(response: ServerResponse, reset: boolean): void {
  if (reset && response.socket !== null) response.socket.resetAndDestroy();
  else response.destroy();
}

/** Part of the answer, then the end. Without `bytes` all of it comes, but more was promised. */
export function respondHalf(response: ServerResponse, answer: Answer, bytes: number | undefined): Promise<void> {
  if (isGone(response)) return Promise.resolve();
  const body = Buffer.from(answer.body);
  const promised = bytes === undefined ? body.length + 256 : Math.max(body.length, bytes + 1);
  response.writeHead(answer.status, { 'content-type': typeOf(answer), 'content-length': promised });
  response.flushHeaders();
  const part = body.subarray(0, bytes ?? body.length);
  return new Promise((resolve) => {
    const end = (): void => {
      response.destroy();
      resolve();
    };
    if (part.length === 0) response.socket?.write('', end);
    else response.write(part, end);
    response.once('close', resolve);
  });
}

/** The answer's first bytes as they stand on the wire, then the end; all of them when there are no more. */
export function respondCut(response: ServerResponse, answer: Answer, bytes: number): Promise<boolean> {
  const { socket } = response;
  if (isGone(response) || socket === null) return Promise.resolve(false);
  const head = `HTTP/1.1 ${answer.status} Cut\r\ncontent-type: ${typeOf(answer)}\r\ncontent-length: ${Buffer.byteLength(answer.body)}\r\n\r\n`;
  const whole = Buffer.from(head + answer.body);
  return new Promise((resolve) => {
    const end = (): void => {
      socket.destroy();
      resolve(bytes >= whole.length);
    };
    socket.once('close', end);
    if (bytes === 0) end();
    else socket.write(whole.subarray(0, bytes), end);
  });
}

/** The status line alone, and after a while the rest; this connection then ends. */
export async function respondSlowly(response: ServerResponse, answer: Answer, pause: () => Promise<void>): Promise<boolean> {
  const { socket } = response;
  if (isGone(response) || socket === null) return false;
  socket.write(`HTTP/1.1 ${answer.status} Slow\r\n`);
  await pause();
  if (socket.destroyed) return false;
  const length = Buffer.byteLength(answer.body);
  socket.end(`content-type: ${typeOf(answer)}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${answer.body}`);
  return true;
}

export function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.socket === null || response.socket.destroyed;
}

function typeOf({ contentType = 'application/json' }: Answer): string {
  return contentType;
}

function errorPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}
