import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import { fail, tooMany } from './answers.ts';
import type { Fault } from './faults.ts';

/** A whole answer; false when the client is gone already. */
export function respond(response: ServerResponse, answer: Answer, contentType = 'application/json'): boolean {
  if (isGone(response)) return false;
  const headers: Record<string, string | number> = { 'content-type': contentType, 'content-length': Buffer.byteLength(answer.body) };
  if (answer.retryAfter !== undefined) headers['retry-after'] = answer.retryAfter;
  response.writeHead(answer.status, headers).end(answer.body);
  return true;
}

/** What a fault puts in the place of the answer; null = the answer itself stands. */
export function replaceAnswer(fault: Fault): { readonly answer: Answer; readonly contentType: string } | null {
  const json = 'application/json';
  if (fault.kind === 'html502') return { answer: { status: 502, body: errorPage('502 Bad Gateway') }, contentType: 'text/html' };
  if (fault.kind === 'html504') return { answer: { status: 504, body: errorPage('504 Gateway Time-out') }, contentType: 'text/html' };
  if (fault.kind === 'json500') return { answer: fail(500, 'Internal Server Error: restart'), contentType: json };
  if (fault.kind === 'storm429') return { answer: tooMany(fault.retryAfter), contentType: json };
  if (fault.kind === 'emptyBody') return { answer: { status: 200, body: '' }, contentType: json };
  if (fault.kind === 'otherJson') return { answer: { status: 200, body: '{"status":"success","items":[]}' }, contentType: json };
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
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': promised });
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

/** The status line alone, and after a while the rest; this connection then ends. */
export async function respondSlowly(response: ServerResponse, answer: Answer, pause: () => Promise<void>): Promise<boolean> {
  const { socket } = response;
  if (isGone(response) || socket === null) return false;
  socket.write(`HTTP/1.1 ${answer.status} Slow\r\n`);
  await pause();
  if (socket.destroyed) return false;
  const length = Buffer.byteLength(answer.body);
  socket.end(`content-type: application/json\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${answer.body}`);
  return true;
}

export function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.socket === null || response.socket.destroyed;
}

function errorPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}
