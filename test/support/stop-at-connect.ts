/**
 * Loaded before the program (`--import`): its process stops itself (SIGSTOP) when the n-th connection to `STOP_AT_PORT` stands and not a byte of
 * the request is written. n is `STOP_AT_CONNECT`, from 1.
 */
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env['STOP_AT_CONNECT']);
const port = Number(process.env['STOP_AT_PORT']);
const original = net.connect;
let connections = 0;

net.connect = ((options: net.TcpNetConnectOpts) => {
  const socket = original(options);
  if (options.port === port) {
    connections += 1;
    if (connections === at) socket.prependOnceListener('connect', () => process.kill(process.pid, 'SIGSTOP'));
  }
  return socket;
}) as typeof net.connect;
syncBuiltinESMExports();
