import { EXIT } from '../core/exit-code.ts';
import type { WallTime } from '../core/glossary.ts';
import type { Finding } from '../core/settings.ts';
import { parseWallDate } from '../core/wall-time.ts';
import { CommandProblem } from './problem.ts';
import { duration, guid } from './settings/values.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Reads commander's options one by one and tells all that is wrong with them at once. */
export interface FlagReader {
  date(name: string): WallTime | null;
  count(name: string, limits: { readonly min: number; readonly max: number }): number | null;
  duration(name: string): number | null;
  guids(name: string): readonly string[] | null;
  on(name: string): boolean;
  text(name: string): string | null;
  /** Adds a problem of the caller's own. */
  problem(finding: Finding): void;
  /** Throws `CommandProblem` with every problem met. */
  check(): void;
}

const AGE = duration({ min: '1s', max: '3650d' });

export function readFlags(flags: Flags): FlagReader {
  const problems: Finding[] = [];
  const written = (name: string): string | null => (typeof flags[name] === 'string' ? flags[name] : null);
  const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return {
    date: (name) => {
      const text = written(name);
      if (text === null) return null;
      const answer = parseWallDate(text);
      if (answer.ok) return answer.wall;
      problems.push({ code: `date_${answer.code}`, args: { flag: flagOf(name), value: text.slice(0, 40) } });
      return null;
    },
    count: (name, { min, max }) => {
      const text = written(name);
      if (text === null) return null;
      const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      problems.push({ code: 'bad_count', args: { flag: flagOf(name), value: text.slice(0, 40), min, max } });
      return null;
    },
    duration: (name) => {
      const text = written(name);
      if (text === null) return null;
      const answer = AGE.safeParse(text);
      if (answer.success) return answer.data;
      problems.push({ code: 'bad_duration', args: { flag: flagOf(name), value: text.slice(0, 40) } });
      return null;
    },
    guids: (name) => {
      const given = flags[name];
      if (given === undefined) return null;
      return [given].flat().flatMap((text) => {
        const answer = guid.safeParse(String(text));
        if (answer.success) return [answer.data];
        problems.push({ code: 'bad_guid', args: { flag: flagOf(name), value: String(text).slice(0, 60) } });
        return [];
      });
    },
    on: (name) => flags[name] === true,
    text: written,
    problem: (finding) => {
      problems.push(finding);
    },
    check: () => {
      if (problems.length > 0) throw new CommandProblem(EXIT.usage, problems);
    },
  };
}
