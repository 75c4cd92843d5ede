import { describe, expect, it } from 'vitest';

import { renderProgress } from '../../../src/cli/render/progress.ts';

function terminal(lines: string[] | null) {
  const { signal } = new AbortController();
  return {
    print: () => {},
    write: async () => {},
    note: () => {},
    progress: lines === null ? null : (text: string) => void lines.push(text),
    signal,
  };
}

describe('progress', () => {
  it.each([
    ['en', ['Subscriptions: 100', 'Planned: 2000 / 5000', 'Told: 60']],
    ['ru', ['Подписки: 100', 'Запланировано: 2000 / 5000', 'Рассказано: 60']],
  ] as const)('of long work is a line on a terminal, and short work is not worth one: %s', (language, expected) => {
    const lines: string[] = [];
    const progress = renderProgress(terminal(lines), language);
    progress({ step: 'pull', done: 3, of: null });
    progress({ step: 'pull', done: 100, of: null });
    progress({ step: 'plan', done: 2_000, of: 5_000 });
    progress({ step: 'deliver', done: 60, of: 0 });
    expect(lines.map((line) => line.replaceAll(/[\u00a0\u202f,](?=\d{3})/g, ''))).toEqual(expected);
  });

  it('is nothing where nobody looks on', () => {
    expect(renderProgress(terminal(null), 'en')({ step: 'plan', done: 2_000, of: 5_000 })).toBeUndefined();
  });
});
