import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Language, Money } from '../../src/core/glossary.ts';
import { composeNotice, type NoticeRequest } from '../../src/core/notice.ts';

/**
 * Reads HTML as Telegram's server does: written from its source's behaviour and not from ours. Answers the visible text, or null where Telegram
 * would refuse.
 */
function readAsTelegram(html: string): string | null {
  const named = ['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'tg-spoiler', 'pre', 'code', 'blockquote', 'a', 'span'];
  const open: string[] = [];
  let text = '';
  for (let at = 0; at < html.length;) {
    const character = html[at] ?? '';
    if (character === '&') {
      const entity = /^&(lt|gt|amp|quot);/.exec(html.slice(at, at + 6));
      text += entity === null ? '&' : { lt: '<', gt: '>', amp: '&', quot: '"' }[entity[1] ?? ''];
      at += entity === null ? 1 : entity[0].length;
      continue;
    }
    if (character !== '<') {
      text += character;
      at++;
      continue;
    }
    const closing = html[at + 1] === '/';
    let end = at + (closing ? 2 : 1);
    while (end < html.length && !/[\s>]/.test(html[end] ?? '')) end++;
    const name = html.slice(at + (closing ? 2 : 1), end).toLowerCase();
    while (end < html.length && html[end] !== '>') {
      if (html[end] === '"') end = html.indexOf('"', end + 1);
      if (end < 0) return null;
      end++;
    }
    if (end >= html.length || !named.includes(name)) return null;
    if (closing ? open.pop() !== name : open.push(name) > 100) return null;
    at = end + 1;
  }
  return open.length === 0 ? text : null;
}

function expectSound(given: NoticeRequest): void {
  const { html, visibleLength, used } = composeNotice(given);
  const read = readAsTelegram(html);
  expect(read).not.toBeNull();
  expect(read?.trim()).not.toBe('');
  expect(read?.length).toBe(visibleLength);
  expect(visibleLength).toBeLessThanOrEqual(4096);
  expect(html.isWellFormed()).toBe(true);
  expect(used).toBeGreaterThanOrEqual(1);
  expect(used).toBeLessThanOrEqual(given.operations.length);
}

const dirty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.constantFrom('<', '>', '&', '"', '</b>', '<b>', '{', '}', '\n', '\u0000', '\u202e', '😀', '\ud83d', '👨‍👩‍👧', 'ы', '&lt'), {
      maxLength: 2000,
    })
    .map((parts) => parts.join('')),
  fc.constantFrom('', ' ', 'x'.repeat(4000), '&'.repeat(4000), '👨‍👩‍👧'.repeat(500), `\u0000\u0019\u0003\u0000<b>`),
);
const money: fc.Arbitrary<Money> = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const dirtyOperation = fc.record({
  id: fc.uuid(),
  customerId: fc.constant('c1'),
  accountTypeId: fc.constantFrom('deposit', 'points', 'gifts'),
  accountType: dirty,
  date: fc.constantFrom('2026-11-24 19:42:10.000', '2026-11-24 19:43:10.000', '2025-12-31 23:59:59.997'),
  sum: money,
  document: fc.option(dirty),
  description: fc.option(dirty),
  division: fc.option(dirty),
  returnOf: fc.option(fc.uuid()),
  balanceAfter: fc.option(money),
});
const templateTexts = [
  '<b>{restaurant}</b> {description} {document} {customer} {group}',
  '<a href="https://example.org/?d={description}">{accountType}</a>{isLast, select, yes {\n{count, plural, one {# раз} few {# раза} other {# раз}}} other {}}',
  '{description}',
  `${'x'.repeat(4090)}{amount}`,
  `${'x'.repeat(3000)}{description}{division}`,
  '<b>{amount}',
  '{nobody}',
  '{description}'.repeat(60),
];
const dirtyRequest = fc.record({
  operations: fc.array(dirtyOperation, { minLength: 1, maxLength: 60 }),
  customer: fc.record({ id: fc.constant('c1'), name: dirty, groupId: fc.constant('vip'), group: dirty }),
  restaurant: dirty,
  language: fc.constantFrom<Language>('ru', 'en'),
  settings: fc.record({
    balance: fc.constantFrom('after' as const, 'current' as const, 'off' as const),
    digestGapMs: fc.constant(0),
    digestWaitMs: fc.constant(0),
    templates: fc.array(
      fc.record({
        accountType: fc.constantFrom(null, 'deposit', 'points'),
        customerGroup: fc.constantFrom(null, 'vip'),
        sign: fc.constantFrom('any' as const, 'credit' as const, 'debit' as const),
        text: fc.constantFrom(...templateTexts).map((text) => ({ ru: text })),
      }),
      { maxLength: 2 },
    ),
    units: fc.array(
      fc.record({
        accountType: fc.constantFrom(null, 'points'),
        digits: fc.nat(4),
        text: fc.constantFrom({ ru: '<&>' }, { ru: 'x'.repeat(500) }, { en: '{count, plural, one {point} other {points}}' }),
      }),
      { maxLength: 2 },
    ),
  }),
  repeat: fc.boolean(),
  groupAncestors: fc.constant([]),
  reference: fc.constant('2026-11-24 19:43:00.000'),
});

describe('a notice', () => {
  test('is sound HTML within the limit, whatever the database holds', () => {
    fc.assert(fc.property(dirtyRequest, expectSound), { numRuns: 400 });
  });
});
