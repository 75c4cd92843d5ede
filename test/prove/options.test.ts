import { describe, expect, it } from 'vitest';

import { readOptions } from './options.ts';

describe('the wishes of a proof', () => {
  it('are all chapters of the embedded engine where nothing is said', () => {
    expect(readOptions([], 2)).toEqual({
      ok: true,
      options: { engine: 'sqlite', seeds: 10_000, firstSeed: 1, lanes: 2, hours: 8, chapters: null, fresh: false },
    });
  });

  it('name chapters and part of an hour', () => {
    expect(readOptions(['--chapter', 'crash', '--chapter', 'places', '--hours', '0.5'], 2)).toMatchObject({
      ok: true,
      options: { chapters: ['crash', 'places'], hours: 0.5 },
    });
  });

  it.each([
    [['--engine', 'mysql'], /--engine mysql: there is sqlite, mssql/u],
    [['--engine', 'toString'], /--engine/u],
    [['--chapter', 'storm'], /--chapter storm: on sqlite there is storms, crash/u],
    [['--engine', 'mssql', '--chapter', 'storms'], /--chapter storms: on mssql there is crash/u],
    [['--hours', 'x'], /--hours x/u],
    [['--hours', '0'], /--hours 0/u],
    [['--hours', ''], /--hours/u],
    [['--seeds', '0'], /--seeds 0/u],
    [['--seeds', '1.5'], /--seeds 1.5/u],
    [['--first-seed', '-1'], /first-seed/u],
    [['--lanes', 'two'], /--lanes two/u],
    [['--fersh'], /--fersh/u],
  ])('that mean nothing are a problem: %j', (argv, problem) => {
    expect(readOptions(argv, 2)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
});
