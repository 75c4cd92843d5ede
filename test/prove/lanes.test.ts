import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { never } from './chapter.ts';
import type { Chapter, ProveWish } from './chapter.ts';
import { CHAPTERS } from './chapters.ts';
import { arbitraryTrial } from './chapters/trial.ts';
import { triesChapter } from './chapters/tries.ts';
import { forecast } from './forecast.ts';
import { runLanes } from './lanes.ts';
import type { LanesWish } from './lanes.ts';
import { LONGEST, order, shareOf } from './plan.ts';
import { emptyProgress, openProgress, openProgressOf } from './progress.ts';
import { startChapter } from './start.ts';
import { page } from './table.ts';

let folder: string;
let wish: ProveWish;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-prove-'));
  wish = { seeds: 100, firstSeed: 1, progress: openProgress(folder) };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A chapter of so many units, done as `progress` says. */
function chapterOf(name: string, of: number): Chapter {
  const done = ({ progress }: ProveWish): number => progress.read<number>(name) ?? 0;
  return {
    name,
    unit: 'units',
    msEach: 1_000,
    reach: (from) => ({ done: done(from), of }),
    work: async () => {},
    report: (from) => [never({ promise: '1', what: name, count: 0, reach: { done: done(from), of } })],
  };
}

/** Instead of processes: each start does so many units of its chapter, or dies. */
function lanesOf(chapters: readonly Chapter[], units: (name: string) => number | 'dies'): LanesWish & { readonly started: string[] } {
  const started: string[] = [];
  return {
    engine: 'sqlite',
    lanes: 2,
    wish,
    chapters,
    deadline: performance.now() + 60_000,
    tell: () => {},
    started,
    start: async (name) => {
      started.push(name);
      const did = units(name);
      if (did === 'dies') return 'SIGKILL';
      wish.progress.write(name, (wish.progress.read<number>(name) ?? 0) + did);
      return null;
    },
  };
}

describe('the plan', () => {
  const works = [LONGEST, 'large', 'small'].map((name, at) => ({ name, needMs: [900, 500, 10][at] ?? 0 }));

  it('gives the longest a lane of its own, and what is left where there is one alone', () => {
    expect(order(works, 2).map(({ name }) => name)).toEqual([LONGEST, 'small', 'large']);
    expect(order(works, 1).map(({ name }) => name)).toEqual(['small', 'large', LONGEST]);
  });

  it('parts the time that is left among those that wait, and leaves no one without', () => {
    const [small, large] = [works[2]!, works[1]!];
    expect(shareOf(small, { waiting: [large], time: { lanes: 1, leftMs: 1_000 } })).toBe(500);
    expect(shareOf(large, { waiting: [], time: { lanes: 1, leftMs: 990 } })).toBe(990);
    expect(shareOf(small, { waiting: [large, large], time: { lanes: 2, leftMs: 900 } })).toBe(600);
  });

  it('tells before it begins what there is to do and whether the time is enough', () => {
    wish.progress.write('large', 10);
    const lines = forecast([chapterOf('large', 100)], wish, { lanes: 2, hours: 0.01 });
    expect(lines.join('\n')).toMatch(/large: 10 of 100 units done.*1\.5 min[\s\S]*each gets its share/u);
    expect(forecast([chapterOf('large', 100)], wish, { lanes: 2, hours: 1 }).at(-1)).toMatch(/enough for all/u);
  });
});

describe('chapters at work', () => {
  it('are taken up again until each is done', async () => {
    const lanes = lanesOf([chapterOf('one', 2), chapterOf('other', 6)], () => 2);
    expect(await runLanes(lanes)).toEqual([]);
    expect(lanes.started.toSorted()).toEqual(['one', 'other', 'other', 'other']);
  });

  it('that die are started once more, told of, and keep nobody else', async () => {
    const lanes = lanesOf([chapterOf('frail', 2), chapterOf('other', 2)], (name) => (name === 'frail' ? 'dies' : 2));
    expect(await runLanes(lanes)).toMatchObject([
      { chapter: 'frail', how: 'SIGKILL' },
      { chapter: 'frail', how: 'SIGKILL' },
    ]);
    expect(wish.progress.read('other')).toBe(2);
  });

  it('whose process ends before its time say so', async () => {
    expect(await startChapter('no such chapter', { engine: 'sqlite', wish, ms: 1_000 })).toBe('exit code 1');
  });

  it('are forgotten when program, tests or seeds are others, and kept otherwise', () => {
    const place = join(folder, 'kept');
    openProgressOf(place, { program: 'a', firstSeed: 1 }).progress.write('storms', 7);
    expect(openProgressOf(place, { program: 'a', firstSeed: 1 })).toMatchObject({ begunAnew: false });
    expect(openProgress(place).read('storms')).toBe(7);
    expect(openProgressOf(place, { program: 'b', firstSeed: 1 })).toMatchObject({ begunAnew: true });
    expect(openProgress(place).read('storms')).toBeNull();
    const nameless = join(folder, 'nameless');
    openProgress(nameless).write('storms', 7);
    expect(openProgressOf(nameless, { program: 'a', firstSeed: 1 })).toMatchObject({ begunAnew: true });
    expect(openProgress(nameless).read('storms')).toBeNull();
  });
});

describe('a failing case', () => {
  it('stays where it was kept when the program is mended, when all begins anew, and when the same seed fails otherwise', () => {
    const place = join(folder, 'failing');
    const { progress } = openProgressOf(place, { program: 'a', firstSeed: 1 });
    const first = progress.keep('storm-7.json', { why: 'lost', actions: [1] });
    expect(openProgressOf(place, { program: 'b', firstSeed: 1 })).toMatchObject({ begunAnew: true });
    emptyProgress(place);
    const again = openProgressOf(place, { program: 'b', firstSeed: 1 });
    expect(again.begunAnew).toBe(false);
    const second = again.progress.keep('storm-7.json', { why: 'doubled', actions: [2] });
    for (const [path, why] of [
      [first, 'lost'],
      [second, 'doubled'],
    ] as const)
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ why });
  });

  it('is made as small as it can be and still breaks', async () => {
    const trial = arbitraryTrial(fc.array(fc.integer()), {
      name: 'numbers',
      promise: '1',
      what: 'numbers',
      share: 1,
      judge: (numbers) => (numbers.some((one) => one > 100) ? ['too large'] : []),
    });
    const chapter = triesChapter({ name: 'small', msEach: 1 }, [trial]);
    const told: string[] = [];
    await chapter.work({ ...wish, deadline: performance.now() + 60_000, tell: (line) => void told.push(line) });
    const paths = told.flatMap((line) => /^kept in (.*)$/u.exec(line)?.[1] ?? []);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ why: ['too large'], input: [101] });
  });
});

describe('the table', () => {
  it.each(Object.entries(CHAPTERS))('has lines of every chapter on %s before anything is done', (_engine, chapters) => {
    for (const chapter of chapters) {
      const rows = chapter.report(wish);
      expect(rows.length, chapter.name).toBeGreaterThan(0);
      expect(new Set(rows.map(({ verdict }) => verdict)), chapter.name).toEqual(new Set(['not reached']));
      expect(chapter.reach(wish), chapter.name).toMatchObject({ done: 0 });
    }
  });

  it('tells a broken promise, a part of the way and a death apart', () => {
    const verdicts = [
      never({ promise: '1', what: 'a', count: 1, reach: { done: 1, of: 1 } }),
      never({ promise: '1', what: 'b', count: 0, reach: { done: 1, of: 2 } }),
      never({ promise: '1', what: 'c', count: 0, reach: { done: 2, of: 2 } }),
    ];
    const chapter = { name: 'storms', rows: verdicts, reach: '1 of 2 storms', minutes: 1, died: ['SIGKILL at 01:02:03 UTC'] };
    const about = { command: 'npm run prove', engine: 'sqlite', date: '2026-11-27', lanes: 2, program: 'abc', seeds: '2 seeds' };
    const written = page({ ...about, chapters: [chapter], notShown: ['the moon'] });
    for (const line of [
      '| a | 1 | 0 | **not kept** |',
      '| b | 0 | 0 | kept so far |',
      '| c | 0 | 0 | kept |',
      '| SIGKILL at',
      '- the moon',
    ])
      expect(written).toContain(line);
  });
});
