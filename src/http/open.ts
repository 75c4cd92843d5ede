import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';

/** Where a connection ends; the host without brackets. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/**
 * Resolves with a socket that stands: connected, past every proxy, its TLS handshake done. Rejects when it doesn't come to that. An aborted
 * signal lets go of everything on the way.
 */
export type Opener = (signal: AbortSignal) => Promise<Socket>;

export function targetOf(url: URL): Target {
  const usual = url.protocol === 'https:' ? 443 : 80;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? usual : Number(url.port),
    secure: url.protocol === 'https:',
  };
}

/** An own authority stands beside the usual ones: a proxy that opens TLS must not shut out what is not opened. */
export function createTrust(ca: string | null): SecureContext {
  return createSecureContext(ca === null ? {} : { ca: [...getCACertificates('default'), ca] });
}

export function createOpener(target: Target, { reach, trust }: { readonly reach: Opener; readonly trust: SecureContext }): Opener {
  return async (signal) => {
    const socket = await reach(signal);
    signal.throwIfAborted();
    return target.secure ? secure(socket, target.host, trust) : socket;
  };
}

/** A plain connection; the signal destroys it, and with it all that is built on it. */
export async function reachDirectly({ host, port }: Pick<Target, 'host' | 'port'>, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true, signal });
  await standing(socket, 'connect');
  return socket;
}

/** TLS over a standing connection. Verification is said out loud, because the environment (NODE_TLS_REJECT_UNAUTHORIZED) could switch it off. */
export async function secure(socket: Socket, host: string, trust: SecureContext): Promise<Socket> {
  const wrapped = connectTls({
    socket,
    host,
    servername: isIP(host) === 0 ? host : '',
    secureContext: trust,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  });
  try {
    await standing(wrapped, 'secureConnect');
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return wrapped;
}

function standing(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    // Stays when the socket stands: an error between two owners must not end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('closed by the other side before the connection stood')));
  });
}
