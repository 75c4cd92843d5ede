import type { Chapter } from './chapter.ts';
import { input } from './chapters/input.ts';
import { security } from './chapters/security.ts';
import { storms } from './chapters/storms.ts';

/** In the order of the table. */
export const CHAPTERS: readonly Chapter[] = [storms, input, security];

/** What no chapter can show on an engine, said rather than implied. */
export const NOT_SHOWN: Readonly<Record<'sqlite' | 'mssql', readonly string[]>> = {
  sqlite: ['The real Telegram and the real operators: the simulators behave as their documents say.'],
  mssql: [],
};
