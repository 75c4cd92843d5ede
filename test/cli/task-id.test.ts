import { describe, expect, it } from 'vitest';

import { taskIdOf } from '../../src/cli/settings/task-id.ts';

describe('a task’s id', () => {
  it.each([
    ['bar', 'bar'],
    [' Bar-2.night_shift ', 'Bar-2.night_shift'],
    ['{0D4B8E52-7D7C-4F0A-9A53-2F8F6A1F1C11}', '0d4b8e52-7d7c-4f0a-9a53-2f8f6a1f1c11'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('«%s» is %s', (written, id) => {
    expect(taskIdOf(written)).toBe(id);
  });

  it.each(['', '_x', 'a b', 'bär', 'бар', 'x'.repeat(65)])(
    '«%s» is none: SQL Server’s ledger keeps none but Latin letters apart',
    (written) => {
      expect(taskIdOf(written)).toBeNull();
    },
  );
});
