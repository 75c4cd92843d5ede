import type { ServerPlace } from '../../src/core/server-place.ts';

/** A place as the settings of a process name it, its password in it. */
export function addressOf({ user, password, server, port, database, encrypt, trustServerCertificate }: ServerPlace): string {
  const query = `${encrypt ? '' : 'encrypt=no&'}${trustServerCertificate ? 'trustServerCertificate=yes' : ''}`;
  return `mssql://${user}:${encodeURIComponent(password.reveal())}@${server}:${port}/${database}?${query}`;
}
