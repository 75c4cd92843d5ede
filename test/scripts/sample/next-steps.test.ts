import { describe, expect, test } from 'vitest';

import { describeSite } from '../../../scripts/sample/next-steps.ts';
import type { Reader } from '../../../scripts/sample/next-steps.ts';
import { SAMPLE_TEXTS, SHOWN_ODD } from '../../../scripts/sample/texts.ts';
import { makeInMemory, NOW } from './in-memory.ts';

const REQUEST = { customers: 100, operations: 200, seed: 3, now: NOW };
const { site } = makeInMemory(REQUEST);
const told = (reader: Partial<Reader>): readonly string[] =>
  describeSite(
    site,
    { ...REQUEST, file: 'my site.sqlite', force: false },
    { language: 'ru', platform: 'linux', seconds: 1.25, ...reader },
  ).split('\n');

describe('the next steps', () => {
  test('set one variable a line on Windows, without quotes and without a remark behind a command', () => {
    const lines = told({ platform: 'win32' });
    expect(lines.filter((line) => line.startsWith('  set '))).toEqual([
      expect.stringMatching(/^ {2}set TP_TG_NOTIFY_DATABASE=.*my site\.sqlite$/),
      '  set TP_TG_NOTIFY_TELEGRAM_TOKEN=123456:ваш-токен',
    ]);
    expect(lines.join('\n')).not.toMatch(/export |npm run[^\n]*#/);
    expect(told({ platform: 'win32', language: 'en' })).toContain('  set TP_TG_NOTIFY_LANGUAGE=en');
  });

  test('export them in one line elsewhere', () => {
    expect(told({ language: 'en' })).toContainEqual(
      expect.stringMatching(
        /^ {2}export TP_TG_NOTIFY_DATABASE='.*my site\.sqlite' TP_TG_NOTIFY_TELEGRAM_TOKEN=123456:your-token TP_TG_NOTIFY_LANGUAGE=en$/,
      ),
    );
    expect(told({}).join('\n')).not.toContain('  set ');
  });

  test('are told in either language and name each odd customer that is worth a look', () => {
    for (const language of ['ru', 'en'] as const) {
      const lines = told({ language });
      for (const sentence of SHOWN_ODD.values())
        expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {2}[\\da-f-]{36} {2}${sentence[language]}$`)));
    }
    for (const { ru, en } of [...Object.values(SAMPLE_TEXTS), ...SHOWN_ODD.values()]) {
      expect(ru).toMatch(/[а-яё]/i);
      expect(en).not.toMatch(/[а-яё]/i);
    }
  });
});
