import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Mutant } from './mutant.ts';
import { readReport, readStorms, UNNOTICED } from './verdict.ts';
import type { Report, Verdict } from './verdict.ts';

const VITEST = 'node_modules/vitest/vitest.mjs';
/** Nobody waits longer; a database server installs anew for each mutant. */
const PATIENCE_MS = 240_000;
const SERVER_PATIENCE_MS = 900_000;

/** Test files of one kind, and of them only what the pattern names. */
export type Asked = Pick<Mutant, 'tests' | 'onServer'>;

/** Asks the test files; ends at the first failure. */
export async function askTests(folder: string, { tests, onServer }: Asked): Promise<Verdict> {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const config = onServer === undefined ? 'test/vitest.config.ts' : 'test/mssql.config.ts';
  const ours = ['--config', config, '--bail', '1', '--maxWorkers', '1', '--reporter', 'json', '--outputFile', report];
  const pattern = onServer === undefined ? [] : ['-t', onServer];
  const ended = await start(folder, [VITEST, 'run', ...ours, ...pattern, ...tests], {
    patienceMs: onServer === undefined ? PATIENCE_MS : SERVER_PATIENCE_MS,
  });
  if (ended === 'hangs') return { verdict: 'hangs', by: tests.join(', ') };
  if (ended.code === 0) return UNNOTICED;
  const told = readReport(read(report), folder);
  const last = ended.said.trim().split('\n').at(-1) ?? '';
  return told.verdict === 'loads not' && last !== '' ? { ...told, by: `${told.by} (${last.slice(0, 200)})` } : told;
}

/** Plays so many storms, the first seeds first. */
export async function askStorms(folder: string, seeds: number): Promise<Verdict> {
  const ended = await start(folder, ['test/mutation/storms.ts', String(seeds)], { patienceMs: PATIENCE_MS });
  if (ended === 'hangs') return { verdict: 'hangs', by: 'a storm' };
  return ended.code === 0 ? UNNOTICED : readStorms(ended.said);
}

function read(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { testResults: [] };
  }
}

interface End {
  readonly code: number;
  readonly said: string;
}

function start(folder: string, args: readonly string[], { patienceMs }: { readonly patienceMs: number }): Promise<End | 'hangs'> {
  return new Promise((resolve) => {
    // A group of its own, so that workers end with it.
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      resolve('hangs');
    }, patienceMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, said });
    });
  });
}
