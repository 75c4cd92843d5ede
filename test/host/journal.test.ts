import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openJournal } from '../../src/host/journal.ts';

const JOURNAL = new URL('../../src/host/journal.ts', import.meta.url).href;
const KEEP = 3;
const SIZE = 4_096;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const logOf = (where: string) => ({ folder: where, level: 'info', maxSize: SIZE, keep: KEEP }) as const;
const linesOf = (where: string): { runId: string; message: string; n: number }[] =>
  readdirSync(where).flatMap((name) =>
    readFileSync(join(where, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { runId: string; message: string; n: number }),
  );

describe('the program’s own log', () => {
  it('is rotated over many short runs: it keeps its files and their size, whole lines, and always the newest', async () => {
    const where = join(folder, 'a', 'log');
    let n = 0;
    for (let run = 0; run < 120; run += 1) {
      const journal = openJournal(logOf(where), `run-${run}`, () => {});
      for (let line = 0; line < 3; line += 1) journal.tell('planned', { n: n++, look: 'hot', skipped: { not_subscribed: 12 } });
      await journal.close();
    }
    const files = readdirSync(where);
    expect(files.length).toBeLessThanOrEqual(KEEP);
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect(statSync(join(where, name)).size).toBeLessThanOrEqual(SIZE + 3 * 250);
    const lines = linesOf(where).toSorted((a, b) => a.n - b.n);
    const kept = lines.map((line) => line.n);
    // What is kept is the end of the story without a gap: rotation drops whole files from its beginning.
    expect(kept).toEqual(Array.from({ length: kept.length }, (_none, at) => n - kept.length + at));
    expect(lines.at(-1)).toMatchObject({ runId: 'run-119', message: 'planned' });
  });

  it('that can’t be written says so once and stops nothing', async () => {
    writeFileSync(join(folder, 'log'), 'a file where the folder should be');
    const notes: string[] = [];
    const journal = openJournal(logOf(join(folder, 'log')), 'run', (text) => void notes.push(text));
    journal.tell('planned');
    journal.tell('planned');
    await journal.close();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^log: /u);
  });

  it('whose place is taken by a file doesn’t end the process that writes it', () => {
    writeFileSync(join(folder, 'log'), 'a file where the folder should be');
    const program = `
      import { openJournal } from ${JSON.stringify(JOURNAL)};
      const journal = openJournal(${JSON.stringify(logOf(join(folder, 'log')))}, 'run', () => {});
      journal.tell('planned');
      await journal.close();
      process.stdout.write('went on');`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect([stderr, stdout, status]).toEqual(['', 'went on', 0]);
  });
});
