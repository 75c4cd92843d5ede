declare module '*/connection.ts?real' {
  import type { Connection, ConnectionRequest } from '../../src/sql-server/connection.ts';

  export function openConnection(request: ConnectionRequest): Promise<Connection>;
}
