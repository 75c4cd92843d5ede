import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeNotice, type NoticeRequest } from '../../src/core/notice.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { NoticeSettings, NoticeTemplate } from '../../src/core/settings.ts';

const settings: NoticeSettings = { balance: 'after', digestGapMs: 60_000, digestWaitMs: 10_000, templates: [], units: [] };

function operation(fields: Partial<Operation> = {}): Operation {
  return {
    id: 'o1',
    customerId: 'c1',
    accountTypeId: 'deposit',
    accountType: 'Депозит',
    date: '2026-11-24 19:42:10.000',
    sum: -4_500_000n,
    document: null,
    description: null,
    division: null,
    returnOf: null,
    balanceAfter: 12_500_000n,
    ...fields,
  };
}

function request(fields: Partial<NoticeRequest> = {}): NoticeRequest {
  const customer = { id: 'c1', name: 'Анна', groupId: 'vip', group: 'Гости' };
  return {
    operations: [operation()],
    customer,
    restaurant: 'Пенка',
    language: 'ru',
    settings,
    repeat: false,
    groupAncestors: [],
    reference: '2026-11-24 19:43:00.000',
    ...fields,
  };
}

function own(text: string, fields: Partial<NoticeTemplate> = {}): NoticeSettings {
  return { ...settings, templates: [{ accountType: null, customerGroup: null, sign: 'any', text: { ru: text }, ...fields }] };
}

describe('a notice', () => {
  test('of nothing is a fault of its caller', () => {
    expect(() => composeNotice(request({ operations: [] }))).toThrow(RangeError);
  });

  test('is headed by the division where the restaurant has no name, and by nothing where there is neither', () => {
    const heads = [operation({ division: 'Мясницкая' }), operation()].map(
      (one) => composeNotice(request({ restaurant: '', operations: [one] })).html.split('\n')[0],
    );
    expect(heads).toEqual(['<b>Мясницкая</b>', expect.stringContaining('Списано')]);
  });

  test('shows markup of the database as text', () => {
    const { html } = composeNotice(request({ restaurant: '<i>R&D</i>', operations: [operation({ accountType: '</b>"&lt;' })] }));
    expect(html).toContain('<b>&lt;i&gt;R&amp;D&lt;/i&gt;</b>');
    expect(html).toContain('«&lt;/b&gt;&quot;&amp;lt;»');
  });

  test('unpacks names in the guest’s language', () => {
    const packed = '\u0000\u0019\u0007\u0000Депозит\u0009\u0007\u0000Deposit';
    expect(composeNotice(request({ language: 'en', operations: [operation({ accountType: packed })] })).html).toContain('“Deposit”');
    expect(composeNotice(request({ operations: [operation({ accountType: packed })] })).html).toContain('«Депозит»');
  });

  test('keeps a name from looking like further lines', () => {
    const { html } = composeNotice(request({ operations: [operation({ division: 'Зал\nОстаток: 1\u00a0000\u00a0000 ₽' })] }));
    expect(html.split('\n')).toHaveLength(4);
  });

  test('calls an account without a name a dash', () => {
    expect(composeNotice(request({ operations: [operation({ accountType: '\u0000' })] })).html).toContain('«—»');
  });

  test('cuts a name of 4,000 characters', () => {
    const { html, visibleLength } = composeNotice(request({ operations: [operation({ accountType: 'Д'.repeat(4000) })] }));
    expect(html).toContain(`«${'Д'.repeat(159)}…»`);
    expect(visibleLength).toBeLessThan(300);
  });
});

describe('a unit of absurd length', () => {
  test('is cut, not the number before it', () => {
    const units = [{ accountType: null, digits: 2, text: { ru: 'ы'.repeat(5000) } }];
    const { html, visibleLength, used } = composeNotice(request({ settings: { ...settings, units } }));
    expect(html).toContain(`<b>450\u00a0${'ы'.repeat(115)}…</b>`);
    expect({ used, fits: visibleLength < 400 }).toEqual({ used: 1, fits: true });
  });
});

describe('an own template', () => {
  test('knows every documented variable', () => {
    const text =
      '{restaurant}|{division}|{customer}|{group}|{accountType}|{document}|{description}|{amount}|{absAmount}|{balance}|{date}|{time}|{sign, select, debit {−} other {+}}|{isReturn, select, yes {r} other {}}|{balanceKind, select, after {a} other {c}}|{hasDivision, select, yes {d} other {}}|{hasDescription, select, yes {t} other {}}|{hasDocument, select, yes {n} other {}}|{hasBalance, select, yes {b} other {}}|{isFirst, select, yes {f} other {}}|{isLast, select, yes {l} other {}}|{count}';
    const composed = composeNotice(
      request({ settings: own(text), operations: [operation({ document: '1204', description: 'Обед', division: 'Невский' })] }),
    );
    expect(composed).toMatchObject({ fallback: null, used: 1 });
    expect(composed.html.replaceAll('\u00a0', ' ')).toBe(
      'Пенка|Невский|Анна|Гости|Депозит|1204|Обед|−450 ₽|450 ₽|1 250 ₽|24 ноября|19:42|−||a|d|t|n|b|f|l|1',
    );
  });

  test('leaves away the line of what there is not', () => {
    const text = 'a\n{hasDescription, select, yes {{description}} other {}}\n\n\n{hasBalance, select, yes {{balance}} other {}}  \nb';
    expect(composeNotice(request({ settings: own(text), operations: [operation({ balanceAfter: null })] })).html).toBe('a\n\nb');
  });

  test('goes by the guest’s language', () => {
    expect(composeNotice(request({ settings: own('Спасибо!'), language: 'ru' })).html).toBe('Спасибо!');
    expect(composeNotice(request({ settings: own('Спасибо!'), language: 'en' }))).toMatchObject({
      fallback: null,
      html: expect.stringContaining('Taken from'),
    });
  });

  test('of a group holds for its descendants', () => {
    const forRegulars = own('Постоянным', { customerGroup: 'regulars' });
    expect(composeNotice(request({ settings: forRegulars })).html).toContain('Списано');
    expect(composeNotice(request({ settings: forRegulars, groupAncestors: ['regulars'] })).html).toBe('Постоянным');
  });

  test('carries the repeat mark on top', () => {
    expect(composeNotice(request({ settings: own('Спасибо!'), repeat: true })).html).toBe(
      '<i>Возможно, повтор: это сообщение могло уже прийти.</i>\nСпасибо!',
    );
  });

  test('gets its values cut short before it is given up', () => {
    const long = operation({ description: 'ы'.repeat(5000) });
    expect(composeNotice(request({ settings: own(`${'x'.repeat(4000 - 200)}{description}`), operations: [long] }))).toMatchObject({
      fallback: null,
      visibleLength: 3900,
    });
  });

  test.each([
    ['broken', '<b>{amount}'],
    ['broken', '{nobody}'],
    ['broken', '{amount'],
    ['empty', '{description}'],
    ['empty', '{hasDivision, select, yes {{division}} other {&#8203;}}'],
    ['too_long', 'x'.repeat(4097)],
  ])('that is %s gives way to the default text, and this is told: %#', (fallback, text) => {
    const composed = composeNotice(request({ settings: own(text) }));
    expect(composed.fallback).toBe(fallback);
    expect(composed.html).toBe(composeNotice(request()).html);
  });

  test('fills the limit to the last character', () => {
    expect(composeNotice(request({ settings: own('x'.repeat(4096)) }))).toMatchObject({ fallback: null, visibleLength: 4096 });
    expect(composeNotice(request({ settings: own('x'.repeat(4096)), repeat: true })).fallback).toBe('too_long');
  });
});

describe('a digest', () => {
  const points = operation({ accountTypeId: 'points', accountType: 'Бонусы', sum: 10_000n });

  test('with an own template tells each operation in its text, once the head and once the end', () => {
    const text = '{isFirst, select, yes {<b>{restaurant}</b>\n} other {}}{amount}{isLast, select, yes {\nвсего {count}} other {}}';
    const composed = composeNotice(request({ settings: own(text), operations: [operation(), points, operation()] }));
    expect(composed.html.replaceAll('\u00a0', ' ')).toBe('<b>Пенка</b>\n−450 ₽\n\n+1 ₽\n\n−450 ₽\nвсего 3');
  });

  test('with an own template for one account tells the other in the default text', () => {
    const { html, fallback } = composeNotice(
      request({ settings: own('Бонусы: {amount}', { accountType: 'points' }), operations: [operation(), points] }),
    );
    expect(fallback).toBeNull();
    expect(html.replaceAll('\u00a0', ' ')).toBe(
      '<b>Пенка</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>\n\nБонусы: +1 ₽',
    );
  });

  test('shows the balance after the last told operation of each account', () => {
    const { html } = composeNotice(
      request({ operations: [operation({ balanceAfter: 30_000n }), points, operation({ balanceAfter: 20_000n })] }),
    );
    expect(html).toContain('«Депозит»: <b>2\u00a0₽</b>');
    expect(html).not.toContain('3\u00a0₽');
  });

  test('splits before the limit and tells the oldest', () => {
    const operations = Array.from({ length: 90 }, (_, index) =>
      operation({ accountType: 'Депозит гостя '.repeat(10), sum: BigInt(index + 1) * 10_000n }),
    );
    const composed = composeNotice(request({ operations }));
    expect(composed.used).toBeGreaterThan(10);
    expect(composed.used).toBeLessThan(90);
    expect(composed.html).toContain(`>${composed.used}\u00a0₽<`);
    expect(composed.html).not.toContain(`>${composed.used + 1}\u00a0₽<`);
    expect(composeNotice(request({ operations: operations.slice(0, composed.used) })).html).toBe(composed.html);
    expect(composed.visibleLength).toBeGreaterThan(3700);
  });

  test('ends, whatever its size, by telling every operation once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(160), fc.boolean(), (count, length, repeat) => {
        let left: readonly Operation[] = Array.from({ length: count }, () => operation({ accountType: 'ы'.repeat(length) }));
        let told = 0;
        for (let messages = 0; left.length > 0; messages++) {
          expect(messages).toBeLessThan(count);
          const { used, visibleLength } = composeNotice(request({ operations: left, repeat }));
          expect(visibleLength).toBeLessThanOrEqual(4096);
          told += used;
          left = left.slice(used);
        }
        expect(told).toBe(count);
      }),
      { numRuns: 30 },
    );
  });
});

describe('huge values', () => {
  test('cost what their heads cost', () => {
    // One description is shared, so that the test measures composing and not the making of texts.
    const description = '<&😀\u0007\u202e a'.repeat(1_200_000);
    const huge = request({
      settings: own('{description} {amount}'),
      operations: Array.from({ length: 20 }, () => operation({ description, accountType: description })),
    });
    const small = request({
      settings: own('{description} {amount}'),
      operations: Array.from({ length: 20 }, () =>
        operation({ description: description.slice(0, 8000), accountType: description.slice(0, 8000) }),
      ),
    });
    const time = (given: NoticeRequest): number => {
      const begin = performance.now();
      for (let count = 0; count < 10; count++) composeNotice(given);
      return performance.now() - begin;
    };
    time(huge);
    time(small);
    expect(time(huge)).toBeLessThan(20 * time(small) + 50);
  });
});
