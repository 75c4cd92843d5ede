import { describe, expect, it } from 'vitest';

import { zoneOf } from '../../src/cli/zone.ts';

describe('zoneOf', () => {
  it('is the first task’s, else the host’s', () => {
    expect(zoneOf([{ zone: 'Asia/Omsk' }, { zone: 'UTC' }])).toBe('Asia/Omsk');
    expect(zoneOf([])).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});
