import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Null: all that was asked was content. Otherwise who was the first not to be. */
export type Complaint = string | null;

const VITEST = 'node_modules/vitest/vitest.mjs';
/** Whatever makes a test wait for so long has broken it. */
const PATIENCE_MS = 240_000;

/** Asks the test files; ends at the first failure. */
export async function askTests(folder: string, files: readonly string[]): Promise<Complaint> {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const ours = ['--config', 'test/vitest.config.ts', '--bail', '1', '--maxWorkers', '1', '--reporter', 'json', '--outputFile', report];
  const code = await start(folder, [VITEST, 'run', ...ours, ...files]);
  if (code === 0) return null;
  return code === 'hangs' ? `${files.join(', ')}: hangs` : readFailure(report, folder);
}

/** Plays so many storms, the first seeds first. */
export async function askStorms(folder: string, seeds: number): Promise<Complaint> {
  const code = await start(folder, ['test/mutation/storms.ts', String(seeds)]);
  return code === 0 ? null : code === 'hangs' ? 'a storm: hangs' : `a storm of the first ${seeds}`;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function readFailure(path: string, folder: string): string {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const file = (name: string): string => name.replace(`${folder}/`, '');
  // Files that the first failure kept from running count as failed too, without a word.
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find((one) => one.status === 'failed');
    if (failed !== undefined) return `${file(name)}: ${failed.fullName.trim()}`;
  }
  const silent = testResults.find(({ status, message }) => status === 'failed' && message !== '');
  if (silent !== undefined) return `${file(silent.name)}: ${silent.message.split('\n')[0] ?? ''}`;
  return 'the tests ended without a word';
}

function start(folder: string, args: readonly string[]): Promise<number | 'hangs'> {
  return new Promise((resolve) => {
    // A group of its own, so that workers end with it.
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      resolve('hangs');
    }, PATIENCE_MS);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
