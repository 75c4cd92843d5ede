import { describe, expect, it } from 'vitest';

import { showInstant, showSpan, showWall } from '../../../src/cli/render/when.ts';

describe('moments', () => {
  it('are shown in the restaurant’s zone', () => {
    const at = Date.UTC(2026, 10, 24, 20, 30, 5);
    expect(showInstant(at, { language: 'ru', zone: 'Asia/Yekaterinburg' })).toBe('25.11.2026 01:30:05');
    expect(showInstant(at, { language: 'en', zone: 'Europe/Moscow' })).toBe('2026-11-24 23:30:05');
  });

  it('of operations are shown as stored', () => {
    expect(showWall('2026-11-24 19:42:07.123', 'ru')).toBe('24.11.2026 19:42:07');
    expect(showWall('2026-11-24 19:42:07.123', 'en')).toBe('2026-11-24 19:42:07');
  });

  it.each([
    [-5, '0 с', '0 s'],
    [59_999, '59 с', '59 s'],
    [3_599_999, '59 мин', '59 min'],
    [5_400_000, '1 ч 30 мин', '1 h 30 min'],
    [172_799_999, '47 ч 59 мин', '47 h 59 min'],
    [5 * 86_400_000, '5 дней', '5 days'],
  ])('%i ms apart are said in at most two units', (ms, ru, en) => {
    expect(showSpan(ms, 'ru')).toBe(ru);
    expect(showSpan(ms, 'en')).toBe(en);
  });
});
