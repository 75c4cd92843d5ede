import type { Chapter, EngineName } from './chapter.ts';
import { concurrency } from './chapters/concurrency.ts';
import { crash } from './chapters/crash.ts';
import { crashMssql } from './chapters/crash-mssql.ts';
import { input } from './chapters/input.ts';
import { longLife } from './chapters/long-life.ts';
import { people } from './chapters/people.ts';
import { places } from './chapters/places.ts';
import { security } from './chapters/security.ts';
import { sigkill } from './chapters/sigkill.ts';
import { storms } from './chapters/storms.ts';

/** In the order of the table. */
export const CHAPTERS: Readonly<Record<EngineName, readonly Chapter[]>> = {
  sqlite: [storms, crash, sigkill, concurrency, places, people, input, security, longLife],
  mssql: [crashMssql],
};

/** What no chapter can show on an engine, said rather than implied. */
export const NOT_SHOWN: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'The real Telegram and the real operators: the simulators behave as their documents say.',
    'A network between program and database: the embedded engine has none, so a cut connection is calls of a living process that reach its file no more. On SQL Server `npm run test:mssql` cuts one.',
    'Another host’s name: the place of the embedded engine is host and path, and only the path was moved.',
    'An upgrade from an older ledger: there has been one schema so far. What is played is the same one installed again over a ledger in the middle of its life, and a newer one refused.',
    'A power cut: processes are killed, and that what is flushed survives the disk is SQLite’s own promise. The virtual worlds stand in memory; processes work on the disk.',
  ],
  mssql: [
    'The real Telegram and the real operators: the simulators behave as their documents say.',
    'An upgrade from an older ledger: there has been one schema so far.',
    'A power cut and a failover: that what is committed survives is the server’s own promise.',
    'The server’s own clock: a test clock stands in its place, so that minutes pass at once.',
  ],
};

/** What a server shows only when it is Microsoft’s own. */
export const ONLY_MICROSOFT_SHOWS: readonly string[] = [
  'This was a stand-in that speaks SQL Server’s protocol. Not shown by it: readers and tills that block each other, READPAST and the other hints; rights by ownership chaining (a login with EXECUTE alone); the recovery fork of a restored database; a request cancelled by its timeout; SQL Agent and xp_cmdshell. `npm run test:mssql -- test/microsoft-only` shows them on Microsoft’s own server, in minutes.',
];
