import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { shellBlocks } from '../../scripts/docs/shell-blocks.ts';
import { createSystemClock } from '../../src/host/clock.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WINDOWS = process.platform === 'win32';
const PAGES = ['README.md', 'docs/ru/README.md'] as const;

const blocksOf = (page: string): readonly (readonly string[])[] => shellBlocks(readFileSync(join(ROOT, page), 'utf8'));
/** The first two are `npm run fresh`'s, the last is for those who build the program. */
const walkThrough = (page: string): readonly string[] => blocksOf(page).slice(2, -1).flat();

/** What the pages write each in their own language. */
function plain(line: string): string {
  return line
    .replaceAll('КЛИЕНТ', 'CUSTOMER')
    .replaceAll('ваш-токен', 'your-token')
    .replaceAll(/\b(\d\d)\.(\d\d)\.(\d{4})\b/g, '$3-$2-$1')
    .replace(' TP_TG_NOTIFY_LANGUAGE=en', '')
    .replace(/(?: --)? --language ru$/, '');
}

/** A folder that is this project to npm, but where nothing lies about yet. */
function emptyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-readme-'));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['bin', 'dist', 'node_modules', 'scripts', 'sql', 'src']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** One line in a shell; `exports` are the lines before it that set the environment. */
function execute(
  line: string,
  at: { readonly folder: string; readonly apiRoot: string; readonly exports: readonly string[] },
): Promise<Ended> {
  const child = spawn('sh', ['-e', '-c', [...at.exports, line].join('\n')], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], HOME: at.folder, TP_TG_NOTIFY_TELEGRAM_API_ROOT: at.apiRoot },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, said });
    });
  });
}

/** What git would offer to commit, were this folder the project's. */
function untracked(folder: string): readonly string[] {
  const git = (...args: string[]): string => spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout;
  copyFileSync(join(ROOT, '.gitignore'), join(folder, '.gitignore'));
  git('init', '-q');
  const listed = git('status', '--porcelain', '-uall').split('\n');
  expect(listed).toContain('?? package.json');
  // The shell's home is here too.
  return listed.filter((line) => !line.startsWith('?? .npm/'));
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Follows a page line by line; whoever is linked presses Start. */
async function follow(
  page: string,
): Promise<{ readonly guest: Person; readonly telegram: TelegramSimulator; readonly last: Ended; readonly folder: string }> {
  const telegram = await startTelegramSimulator({ clock: createSystemClock() });
  const folder = emptyProject();
  closing.push(() => telegram.stop());
  const guest = telegram.person({ name: 'Анна' });
  const exports: string[] = [];
  let customer = '';
  let last: Ended = { code: null, said: '' };
  for (const written of walkThrough(page)) {
    const line = written.replace(/CUSTOMER|КЛИЕНТ/, customer).replace(/123456:\S+/, SIMULATED_BOT.token);
    if (line.startsWith('export ')) {
      exports.push(line);
      continue;
    }
    last = await execute(line, { folder, apiRoot: telegram.url, exports });
    if (last.code !== 0) throw new Error(`${line} ended with ${last.code}: ${last.said}`);
    customer ||= /^ {2}([\da-f-]{36}) {2}/m.exec(last.said)?.[1] ?? '';
    const payload = / link /.test(line) ? /start=([\w-]{36})/.exec(last.said)?.[1] : undefined;
    if (payload !== undefined) guest.start(payload);
  }
  return { guest, telegram, last, folder };
}

describe('README', () => {
  it.skipIf(WINDOWS).each([
    [PAGES[0], /delivered/],
    [PAGES[1], /доставлен/],
  ])('%s: its walk-through greets a guest and tells three notices, command by command', { timeout: 90_000 }, async (page, word) => {
    const { guest, telegram, last, folder } = await follow(page);
    expect(guest.received).toHaveLength(4);
    expect(telegram.counts()).toMatchObject({ messages: 4, chats: 1, doubled: 0 });
    expect(last.said).toMatch(word);
    // The link key among it is a secret.
    expect(untracked(folder)).toEqual(untracked(emptyProject()));
    expect(existsSync(join(folder, 'tp-tg-notify.key.json'))).toBe(true);
  });

  it('names the same commands in both languages, its own two on top', () => {
    const [english, russian] = PAGES.map((page) => blocksOf(page).map((block) => block.map(plain)));
    expect(russian).toEqual(english);
    expect(english?.slice(0, 2)).toEqual([['npm ci && npm run demo'], ['npm ci && npm test']]);
    expect(walkThrough(PAGES[0]).length).toBeGreaterThan(5);
  });

  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: Record<string, string> };
    const named = PAGES.flatMap((page) =>
      [
        ...blocksOf(page)
          .flat()
          .join('\n')
          .matchAll(/npm run (?:-s )?([\w-]+)/g),
      ].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const files = Object.values(scripts).flatMap((script) => /^node (\S+)/.exec(script)?.[1] ?? []);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
