import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { EngineName, ProveWish } from './chapter.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const WARM = new URL('../support/mssql-warm-hook.ts', import.meta.url).href;

/** Runs a chapter in a process of its own; null = it came to its end, otherwise how it ended instead. */
export function startChapter(
  name: string,
  at: { readonly engine: EngineName; readonly wish: ProveWish; readonly ms: number },
): Promise<string | null> {
  const { engine, wish, ms } = at;
  const args = [name, engine, wish.seeds, wish.firstSeed, wish.progress.folder, ms / 60_000].map(String);
  const before = engine === 'mssql' && process.env['TP_TEST_MSSQL_WARM'] === '1' ? ['--import', WARM] : [];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...before, CHILD, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
}
