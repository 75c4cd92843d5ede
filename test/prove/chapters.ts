import type { Chapter } from './chapter.ts';
import { longLife } from './chapters/long-life.ts';
import { people } from './chapters/people.ts';
import { storms } from './chapters/storms.ts';

/** In the order of the table. */
export const CHAPTERS: readonly Chapter[] = [storms, people, longLife];

/** What no chapter can show on an engine, said rather than implied. */
export const NOT_SHOWN: Readonly<Record<'sqlite' | 'mssql', readonly string[]>> = {
  sqlite: ['The real Telegram and the real operators: the simulators behave as their documents say.'],
  mssql: [],
};
