import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STATE_FILE = 'state.json';

/** A folder and what belongs to it, kept together elsewhere: whoever dies in keeping leaves what was kept before. */
export interface Kept {
  save(folder: string, state: unknown): void;
  /** Puts the folder back and answers the state; null when nothing is kept. */
  restore<T>(folder: string): T | null;
}

export function openKept(place: string): Kept {
  return {
    save: (folder, state) => {
      const fresh = `${place}.new`;
      rmSync(fresh, { recursive: true, force: true });
      cpSync(folder, fresh, { recursive: true });
      writeFileSync(join(fresh, STATE_FILE), JSON.stringify(state));
      const former = `${place}.former`;
      rmSync(former, { recursive: true, force: true });
      if (existsSync(place)) renameSync(place, former);
      renameSync(fresh, place);
      rmSync(former, { recursive: true, force: true });
    },
    restore: <T>(folder: string) => {
      // Between the two renames of a save.
      const whole = [place, `${place}.former`].find((path) => existsSync(join(path, STATE_FILE)));
      rmSync(folder, { recursive: true, force: true });
      if (whole === undefined) return null;
      cpSync(whole, folder, { recursive: true });
      rmSync(join(folder, STATE_FILE));
      return JSON.parse(readFileSync(join(whole, STATE_FILE), 'utf8')) as T;
    },
  };
}
