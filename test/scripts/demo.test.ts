import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { pronounce } from '../../scripts/demo/scenes/closing.ts';
import { createTeller } from '../../scripts/demo/teller.ts';
import { markOf } from '../../scripts/demo/told.ts';
import type { Shown } from '../../scripts/demo/told.ts';
import { judge } from '../../scripts/demo/verdict.ts';
import { wrap } from '../../scripts/demo/wrap.ts';
import { composeNotice } from '../../src/core/notice.ts';
import { visibleText } from '../../src/core/html.ts';
import type { Operation } from '../../src/core/operation.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/demo/demo.ts', import.meta.url));

/** Runs the demo where nothing is; after 30 s it is killed and has no exit code. What it leaves, here or among temporary files, is in `left`. */
function demo(...flags: string[]): {
  readonly status: number | null;
  readonly said: string;
  readonly errors: string;
  readonly left: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cwd, temporary] = [join(folder, 'here'), join(folder, 'temporary')];
  for (const path of [cwd, temporary]) mkdirSync(path);
  const { PATH = '', SystemRoot = '' } = process.env;
  const env = { PATH, SystemRoot, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...flags], { cwd, env, encoding: 'utf8', timeout: 30_000 });
  return { status, said: stdout, errors: stderr, left: [...readdirSync(cwd), ...readdirSync(temporary)] };
}

describe('npm run demo', () => {
  test.each([
    {
      flags: [],
      scenes:
        /dry run|first run|press Start|Operations happen|blocks|429|breaks off|gets an SMS|hour without|budget|write to|nothing to do|chats|sums|verdict/,
      lines: [
        /had to be told +(\d+)\n.*in their guest’s chat +\1\n +lost +0\n +doubled silently +0\n.* +0\n.*possibly a repeat» +2\n/,
        /Possibly a repeat: /,
        /in that hour, by its own count: 0\./,
        /the cap of a day is spent/,
        /SMS taken +3\n +segments +3\n +roubles charged +13\.50\n +guests with more than one SMS +0\n/,
      ],
      verdict: 'Nothing was lost, nothing was doubled silently.',
      end: 'Nothing is left running, the temporary files are removed.',
      chosen: 'Зачислено на счёт «Бонусы»: 64\u00a0балла',
      cyrillic: false,
    },
    {
      flags: ['--language', 'ru'],
      scenes: /Пробный|Первый|Start|случаются|блокирует|429|обрывается|получает СМС|Час без|Бюджет|пишут|нечего|Чаты|Итоги|Вердикт/,
      lines: [
        /надо было рассказать +(\d+)\n.*в чате своего гостя +\1\n +потеряно +0\n +молча рассказано дважды +0\n.* +0\n.*возможно, повтор» +2\n/,
        /Возможно, повтор: /,
        /по его собственному счёту: 0\./,
        /исчерпан предел на сутки/,
        /принято СМС +3\n +сегментов +6\n +списано рублей +27\n +гостей больше чем с одной СМС +0\n/,
      ],
      verdict: 'Ничего не потеряно, ничего не рассказано дважды молча.',
      end: 'Ничего не осталось работать, временные файлы удалены.',
      chosen: 'Added to “Bonuses”: 64\u00a0points',
      cyrillic: true,
    },
  ])(
    'plays to its end, keeps its promises and leaves nothing behind: $verdict',
    ({ flags, scenes, lines, verdict, end, chosen, cyrillic }) => {
      const { status, said, errors, left } = demo(...flags);
      expect({ status, errors, left }).toEqual({ status: 0, errors: '', left: [] });
      const titles = [...said.matchAll(/^\d\d:\d\d:\d\d {2}\d+\. (.*)$/gm)].map(([, title = '']) => title);
      expect(titles).toHaveLength(16);
      expect(titles.slice(1).map((title) => scenes.exec(title)?.[0])).toEqual(scenes.source.split('|'));
      for (const line of lines) expect(said).toMatch(line);
      const closing = said.trimEnd().replaceAll(/\n +/g, ' ').split('\n');
      expect(closing.at(-1)).toContain(end);
      expect(closing.at(-3)).toContain(verdict);
      expect(said).not.toContain('SIMULATED-no-secret-at-all');
      // One guest chose the other language; the telling itself keeps to its own.
      expect(said).toContain(chosen);
      const telling = said.split('\n').filter((line) => /^\d\d:\d\d/.test(line));
      expect(telling.length).toBeGreaterThan(30);
      expect(telling.filter((line) => /[а-яё]/i.test(line) !== cyrillic)).toEqual([]);
    },
  );

  test('says how it is called when it is called otherwise', () => {
    expect(demo('--language', 'fr')).toEqual({ status: 2, said: '', errors: 'npm run demo -- [--language en|ru]\n', left: [] });
    expect(demo('--help')).toMatchObject({ status: 0, said: 'npm run demo -- [--language en|ru]\n' });
  });
});

const NO_SMS = { messages: 0, numbers: 0, segments: 0, cost: 0n, repeated: 0 };
const CHAT = '5200000001';
const FIRST = { date: '2026-11-24 18:06:10.123', sum: -6_400_000n, isReturn: false };
const SECOND = { date: '2026-11-24 18:06:14.123', sum: 193_000n, isReturn: false };
const NOTICE = 'Salt\n24 November, 18:06\n➖ Taken from “Deposit”: 640 ₽\n➕ Added to “Bonuses”: 19.30 points\nBalance: 1,570 ₽';
const DUE = [FIRST, SECOND].map((row) => ({ chatId: CHAT, mark: markOf(row) }));
const told = (text: string, chatId = CHAT): Shown => ({ chatId, text });
const marked = (text: string): string => `Possibly a repeat: you may have had this message already.\n${text}`;

describe('the demo’s verdict', () => {
  test('finds each operation of a visit in its one message', () => {
    expect(judge(DUE, [told(NOTICE), told('Welcome!\nLast operation: 24 November, 17:57, Bonuses, +25.80 points')])).toEqual({
      due: 2,
      found: 2,
      lost: [],
      doubled: [],
      repeated: 0,
      arrivedTwice: 0,
      misplaced: [],
    });
  });

  test('misses what stands in no chat, or in another’s', () => {
    expect(judge(DUE, [])).toMatchObject({ found: 0, lost: DUE });
    expect(judge(DUE, [told(NOTICE, '5200000002')])).toMatchObject({
      lost: DUE,
      misplaced: DUE.map(({ mark }) => ({ chatId: '5200000002', mark })),
    });
  });

  test('sees a second telling without the mark, and a third with it', () => {
    expect(judge(DUE, [told(NOTICE), told(NOTICE)])).toMatchObject({ doubled: DUE });
    expect(judge(DUE, [told(NOTICE), told(marked(NOTICE))])).toMatchObject({ doubled: [], repeated: 2, arrivedTwice: 2 });
    expect(judge(DUE, [told(marked(NOTICE))])).toMatchObject({ doubled: [], lost: [], repeated: 2, arrivedTwice: 0 });
    expect(judge(DUE, [told(marked(NOTICE)), told(marked(NOTICE))])).toMatchObject({ doubled: DUE });
  });

  test('takes another amount or minute for another operation', () => {
    expect(judge(DUE, [told(NOTICE.replace('640', '641'))])).toMatchObject({
      found: 1,
      lost: [DUE[0]],
      misplaced: [{ mark: '24. 18:06 ➖ 64100' }],
    });
    expect(judge(DUE, [told(NOTICE.replace('18:06', '18:07'))])).toMatchObject({ found: 0 });
  });

  test('refuses to count what it can’t tell apart', () => {
    expect(() => judge([...DUE, ...DUE.slice(0, 1)], [])).toThrow('can’t be told apart');
  });

  test.each(['ru', 'en'] as const)('reads back what the program writes in %s, one operation or several, on one day or two', (language) => {
    const rows = [
      { date: '2026-11-22 09:05:01.000', sum: 12_345_678_900n, isReturn: false },
      { date: '2026-11-24 18:06:10.123', sum: -10_000n, isReturn: false },
      { date: '2026-11-24 18:06:14.123', sum: 5_000n, isReturn: true },
    ];
    for (const some of [rows, rows.slice(1), rows.slice(0, 1), rows.slice(2)]) {
      const text = visibleText(compose(some, language));
      const due = some.map((row) => ({ chatId: CHAT, mark: markOf(row) }));
      expect(judge(due, [told(text)])).toMatchObject({ found: some.length, lost: [], misplaced: [] });
    }
  });

  test.each([
    ['all is well', [told(NOTICE)], [], true],
    ['something is lost', [], [], false],
    ['something is doubled', [told(NOTICE), told(NOTICE)], [], false],
    ['a guest had two SMS', [told(NOTICE)], [], false, 1],
    ['somebody else was told', [told(NOTICE), told(NOTICE, '1')], [], false],
    ['a command ended otherwise than the play says', [told(NOTICE)], ['run: 4 ≠ 0'], false],
  ] as const)('answers for it when %s', (_when, messages, surprises, kept, repeated: number = 0) => {
    const lines: string[] = [];
    const teller = createTeller({ now: () => 0 }, 'en', { write: (line) => lines.push(line), columns: 100 });
    expect(
      pronounce({
        teller,
        till: { due: DUE, untold: 0 },
        telegram: { messages },
        program: { surprises },
        operator: { sums: () => ({ ...NO_SMS, repeated }) },
      }),
    ).toBe(kept);
    expect(lines.at(-1)).toContain(kept ? 'Nothing was lost' : 'The promise was broken');
  });
});

test('lines are broken between words, keep their indent, and lose nothing', () => {
  expect(wrap('    one two three', 12)).toEqual(['    one two', '    three']);
  expect(wrap('https://example.org/longer-than-the-line', 10)).toEqual(['https://example.org/longer-than-the-line']);
  expect(wrap('', 10)).toEqual(['']);
});

function compose(
  rows: readonly { readonly date: string; readonly sum: bigint; readonly isReturn: boolean }[],
  language: 'ru' | 'en',
): string {
  const operations = rows.map(({ date, sum, isReturn }, index): Operation => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    customerId: '00000000-0000-4000-8000-00000000000a',
    accountTypeId: '00000000-0000-4000-8000-00000000000b',
    accountType: 'Депозит',
    date,
    sum,
    document: null,
    description: null,
    division: `Пряник: доставка ${index}`,
    returnOf: isReturn ? '00000000-0000-4000-8000-00000000000c' : null,
    balanceAfter: 1_000_000n,
  }));
  const customer = { id: '00000000-0000-4000-8000-00000000000a', name: 'Анна', groupId: '', group: '' };
  const settings = { balance: 'after', digestGapMs: 0, digestWaitMs: 0, templates: [], units: [] } as const;
  return composeNotice({
    operations,
    customer,
    restaurant: 'Пряник и Соль',
    language,
    settings,
    repeat: false,
    groupAncestors: [],
    reference: '2026-11-24 19:00:00.000',
  }).html;
}
