import { describe, expect, it } from 'vitest';

import { accountOf, rightsBeside } from '../../src/core/private-group.ts';

const ACCOUNT = { uid: 998, gid: 998 };

describe('a group that may write a file', () => {
  it.each([
    ['the account’s own, with its number', { mode: 0o664, gid: 998 }, ACCOUNT, 0o644],
    ['the account’s own, with the sticky bit kept', { mode: 0o1770, gid: 998 }, ACCOUNT, 0o1750],
    ['another one', { mode: 0o664, gid: 27 }, ACCOUNT, 0o664],
    ['that of another account, though the file is that account’s', { mode: 0o660, gid: 1000 }, ACCOUNT, 0o660],
    ['the account’s primary one, which others share (staff, users)', { mode: 0o664, gid: 100 }, { uid: 1000, gid: 100 }, 0o664],
    ['one that has the account’s number and isn’t its own', { mode: 0o664, gid: 1000 }, { uid: 1000, gid: 100 }, 0o664],
    ['unknown, as there are no accounts', { mode: 0o664, gid: 0 }, null, 0o664],
  ])('is %s: what is left of the rights', (_, file, account, left) => {
    expect(rightsBeside(file, account)).toBe(left);
  });

  it('takes nothing from what everybody may do', () => {
    expect(rightsBeside({ mode: 0o666, gid: 998 }, ACCOUNT)).toBe(0o646);
  });
});

describe('the account of a process', () => {
  it('is its user and group, and none where a system knows none', () => {
    expect(accountOf({ getuid: () => 998, getgid: () => 100 })).toEqual({ uid: 998, gid: 100 });
    expect(accountOf({})).toBeNull();
  });
});
