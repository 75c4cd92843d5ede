import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

import { closeServer, listen, readTestFile } from './raw-server.ts';
import type { Certificate } from './raw-server.ts';

const PRELOGIN = 0x12;
const ANSWER = 0x04;
const LOGIN7 = 0x10;
const HEADER = 8;
/** Types of TLS records; no type of a TDS packet is among them. */
const TLS_RECORDS = [0x14, 0x17] as const;
const ENCRYPTION = { on: 1, notSupported: 2 } as const;

/** As much of SQL Server as a client talks to before it is let in: MS-TDS, PRELOGIN, TLS inside of it, LOGIN7. Nobody is ever let in. */
export interface TdsServer {
  readonly port: number;
  /** Clients that asked to begin. */
  readonly greeted: number;
  /** Passwords that came, as they were meant, over TLS or without it. */
  readonly passwords: readonly { readonly password: string; readonly encrypted: boolean }[];
  close(): Promise<void>;
}

/** With no certificate it says that it can't encrypt. */
export async function openTdsServer(certificate: Certificate | null): Promise<TdsServer> {
  const sockets = new Set<Socket>();
  const passwords: { password: string; encrypted: boolean }[] = [];
  let greeted = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const takeLogin = (stream: Duplex, encrypted: boolean) =>
      packetReader((type, body) => {
        if (type !== LOGIN7) return;
        passwords.push({ password: passwordOf(body), encrypted });
        stream.destroy();
      });
    const wrapped = certificate === null ? null : wrapTls(socket);
    const takePlain = takeLogin(socket, false);
    const takeFirst = packetReader((type) => {
      if (type !== PRELOGIN) return;
      greeted += 1;
      socket.write(packet(ANSWER, sayEncryption(certificate === null ? ENCRYPTION.notSupported : ENCRYPTION.on)));
      socket.off('data', takeFirst);
      if (wrapped === null || certificate === null) return void socket.on('data', takePlain);
      socket.on('data', wrapped.take);
      const cert = readTestFile(`${certificate}.pem`);
      const secure = new TLSSocket(wrapped.inner, {
        isServer: true,
        cert,
        key: readTestFile(`${certificate}-key.pem`),
        maxVersion: 'TLSv1.2',
      });
      secure.on('error', () => {});
      secure.on('data', takeLogin(secure, true));
    });
    socket.on('data', takeFirst);
  });
  const port = await listen(server);
  return {
    port,
    passwords,
    get greeted() {
      return greeted;
    },
    close: () => closeServer(server, sockets),
  };
}

/** The handshake's bytes stand inside PRELOGIN packets; the first packet that the client sends without is the login, and none is wrapped after it. */
function wrapTls(socket: Socket): { readonly inner: Duplex; readonly take: (chunk: Buffer) => void } {
  let isBare = false;
  const inner = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(isBare ? chunk : packet(PRELOGIN, chunk), () => done());
    },
    destroy: (_error, done) => {
      socket.destroy();
      done(null);
    },
  });
  const unwrap = packetReader((_type, body) => inner.push(body));
  socket.on('close', () => inner.push(null));
  const take = (chunk: Buffer): void => {
    isBare ||= isTls(chunk);
    if (isBare) inner.push(chunk);
    else unwrap(chunk);
  };
  return { inner, take };
}

function isTls(chunk: Buffer): boolean {
  const [first = 0] = chunk;
  return first >= TLS_RECORDS[0] && first <= TLS_RECORDS[1];
}

function packetReader(onPacket: (type: number, body: Buffer) => void): (chunk: Buffer) => void {
  let seen = Buffer.alloc(0);
  return (chunk) => {
    seen = Buffer.concat([seen, chunk]);
    while (seen.length >= HEADER && seen.length >= seen.readUInt16BE(2)) {
      const length = seen.readUInt16BE(2);
      const [type = 0] = seen;
      const body = seen.subarray(HEADER, length);
      seen = seen.subarray(length);
      onPacket(type, body);
    }
  };
}

function packet(type: number, body: Buffer): Buffer {
  const header = Buffer.from([type, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(HEADER + body.length, 2);
  return Buffer.concat([header, body]);
}

/** Options VERSION (16.0) and ENCRYPTION, each with the place and length of its value. */
function sayEncryption(encryption: number): Buffer {
  return Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, encryption]);
}

/** Of LOGIN7: where it stands and how many UTF-16 units it has; each byte xor 0xA5, its halves exchanged. */
function passwordOf(login: Buffer): string {
  const start = login.readUInt16LE(44);
  const bytes = login.subarray(start, start + 2 * login.readUInt16LE(46)).map((byte) => {
    const plain = byte ^ 0xa5;
    return ((plain << 4) | (plain >> 4)) & 0xff;
  });
  return Buffer.from(bytes).toString('utf16le');
}
