/**
 * `npm run fresh`: README's first two blocks of commands, executed as somebody does who has just found this repository: the last commit, cloned into
 * an empty folder, with this machine's own node and npm. Tells how long each took; the clone is removed, with `--keep` it stays.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { shellBlocks } from './docs/shell-blocks.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIRST_BLOCKS = 2;

/** What npm and this project have put before the machine's own: with it a clone would find the tools it is to bring along. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE|INIT_CWD|TP_TG_NOTIFY_)/i.test(name));
  const PATH = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
    .join(delimiter);
  return { ...Object.fromEntries(kept), PATH };
}

function execute(command: string, cwd: string): { readonly ok: boolean; readonly seconds: number } {
  console.log(`\n$ ${command}`);
  const before = performance.now();
  const { status } = spawnSync(command, { cwd, shell: true, stdio: ['ignore', 'inherit', 'inherit'], env: cleanEnvironment() });
  return { ok: status === 0, seconds: (performance.now() - before) / 1_000 };
}

const dirty = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
if (dirty !== '') console.log('What is not committed is not in the clone.');
const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-fresh-'));
// As any folder is that somebody makes; temporary ones are closed to others, and some tests become another user.
chmodSync(folder, 0o755);
try {
  const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, folder], { stdio: 'inherit' });
  if (cloned.status !== 0) throw new Error('git clone failed');
  const commands = shellBlocks(readFileSync(join(folder, 'README.md'), 'utf8'))
    .slice(0, FIRST_BLOCKS)
    .flat();
  const results = commands.map((command) => ({ command, ...execute(command, folder) }));
  console.log(`\nFresh clone in ${folder}:`);
  for (const { command, ok, seconds } of results)
    console.log(`  ${ok ? 'passed' : 'FAILED'}  ${seconds.toFixed(0).padStart(4)} s  ${command}`);
  process.exitCode = commands.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;
} finally {
  if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
