import { readFileSync } from 'node:fs';

import type { StartWay } from '../../core/starting.ts';
import type { Installation } from './installation.ts';
import { tsqlText } from './quote.ts';
import { commandLine } from './windows.ts';

/** From src/ and from dist/ alike. */
const SCRIPTS = new URL('../../../sql/sql-server/starting/', import.meta.url);

/** The script that sets a way up and puts it into force, filled in: pure ASCII, to be run by an administrator of the server. */
export function wayScript(way: StartWay, installation: Installation, database: string): string {
  const { login, account, starter } = installation;
  const values: Readonly<Record<string, string>> = { database, login, account, starter, command: commandLine(installation) };
  return readFileSync(new URL(`${way}.sql`, SCRIPTS), 'utf8').replaceAll(/\{\{(\w+)\}\}/gu, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name} in ${way}.sql`);
    return tsqlText(value);
  });
}
