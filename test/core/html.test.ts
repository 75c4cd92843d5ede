import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHtml, cutText, escapeHtml, fits, guestValue, headOf, visibleLength, visibleText } from '../../src/core/html.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('<', '>', '&', '"', ';', 'b', 'lt', '#', '/', ' ', '😀') }),
);

describe('escaping', () => {
  test('makes markup visible', () => {
    expect(escapeHtml('<b> & "x" \' 😀')).toBe("&lt;b&gt; &amp; &quot;x&quot; ' 😀");
  });

  test('is undone by reading, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visibleText(escapeHtml(text))).toBe(text);
        expect(checkHtml(escapeHtml(text))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('visible length', () => {
  test.each([
    ['<b>450 ₽</b>', 5],
    ['😀', 2],
    ['&lt;&amp;&gt;&quot;', 4],
    ['&#128512;&#x1F600;', 4],
    ['<a href="https://example.org/?a=1&amp;b=>">x</a>', 1],
    ['a < b && c > d', 14],
    ['&copy;', 6],
    ['&#0;&#1114111;', 14],
    ['', 0],
  ])('%j has %i', (html, length) => {
    expect(visibleLength(html)).toBe(length);
  });

  test('decides what fits', () => {
    expect(fits('<b>abc</b>', 3)).toBe(true);
    expect(fits('<b>abcd</b>', 3)).toBe(false);
    expect(fits('&amp;'.repeat(4096))).toBe(true);
    expect(fits('&amp;'.repeat(4097))).toBe(false);
  });
});

describe('cutting a value', () => {
  test.each([
    ['кофе', 4, 'кофе'],
    ['кофейня', 4, 'коф…'],
    ['кофе и чай', 6, 'кофе…'],
    ['a👨‍👩‍👧b', 5, 'a…'],
    ['a👍🏽bcd', 6, 'a👍🏽…'],
    ['a👍🏽bcd', 5, 'a…'],
    ['е\u0301е\u0301е\u0301', 4, 'е\u0301…'],
    ['👨‍👩‍👧‍👦', 4, '👨‍…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j at %i is %j', (text, limit, cut) => {
    expect(cutText(text, limit)).toBe(cut);
  });

  test('keeps the limit and whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.nat(60), (text, limit) => {
        const cut = cutText(text, limit);
        expect(cut.length).toBeLessThanOrEqual(Math.max(limit, 0));
        expect(cut.isWellFormed()).toBe(true);
        if (text.length > limit && limit > 0) expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
        else if (text.length <= limit) expect(cut).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('of ten million characters looks at the head only', () => {
    const text = 'ы😀'.repeat(3_500_000);
    expect(cutText(text, 10)).toBe('ы😀ы😀ы😀…');
    expect(headOf(text, 2)).toBe('ы');
  });

  test('ends a single character without end', () => {
    expect(cutText(`a${'\u0301'.repeat(100_000)}`, 10)).toBe(`a${'\u0301'.repeat(8)}…`);
  });
});

describe('a stored value', () => {
  test('is unpacked, cleaned, cut and escaped, in this order', () => {
    expect(guestValue(`\u0000\u0019\u0005\u0000<&\n\u202e>`, 'ru', 20)).toBe('&lt;&amp; &gt;');
    expect(guestValue('&&&&&&', 'ru', 4)).toBe('&amp;&amp;&amp;…');
    expect(guestValue(null, 'ru', 4)).toBe('');
    expect(guestValue('קפה', 'ru', 10)).toBe('\u2068קפה\u2069');
  });
});

describe('HTML of a template', () => {
  test.each([
    '',
    'a & b > c',
    '<b>a<i>b</i></b><u>c</u><tg-spoiler>d</tg-spoiler>',
    '<B>a</b >',
    '<a href="https://example.org/?q=\ufffc">a</a>',
    '<code class="language-c++">x</code><pre>y</pre>',
    '<blockquote expandable>z</blockquote><blockquote>z</blockquote>',
    '<span class="tg-spoiler">s</span>',
    '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
  ])('%j is sound', (html) => {
    expect(checkHtml(html)).toBeNull();
  });

  test.each([
    ['a < b', 'unknown_tag', 2, ''],
    ['<br>', 'unknown_tag', 0, 'br'],
    ['<br/>', 'unknown_tag', 0, 'br'],
    ['<constructor>', 'unknown_tag', 0, 'constructor'],
    ['<!-- x -->', 'unknown_tag', 0, '!--'],
    ['<Кофейня>', 'unknown_tag', 0, 'кофейня'],
    ['ab<b', 'unclosed_tag', 2, 'b'],
    ['<b>a', 'never_closed', 0, 'b'],
    ['<b>a<i>b', 'never_closed', 4, 'i'],
    ['</b>', 'unexpected_end', 0, 'b'],
    ['<b>a</b></b>', 'unexpected_end', 8, 'b'],
    ['<b><i>a</b></i>', 'wrong_end', 7, 'b'],
    ['<b>a</>', 'unknown_tag', 4, ''],
    ['<b class="x">a</b>', 'bad_attribute', 0, 'b'],
    ['<b/>', 'bad_attribute', 0, 'b'],
    ['<a>x</a>', 'bad_attribute', 0, 'a'],
    ["<a href='x'>x</a>", 'bad_attribute', 0, 'a'],
    ['<a href="">x</a>', 'bad_attribute', 0, 'a'],
    ['<a href="x" onclick="y">x</a>', 'bad_attribute', 0, 'a'],
    ['<b \ufffc>a</b>', 'bad_attribute', 0, 'b'],
    ['<span>x</span>', 'bad_attribute', 0, 'span'],
    ['<tg-emoji emoji-id="\ufffc">x</tg-emoji>', 'bad_attribute', 0, 'tg-emoji'],
    ['<a href="x">x</a href="x">', 'bad_attribute', 13, 'a'],
  ])('%j is refused: %s at %i', (html, code, offset, tag) => {
    expect(checkHtml(html)).toEqual({ code, offset, tag });
  });
});
