import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHtml } from '../../src/simulators/telegram/entities.ts';

describe('a text in HTML', () => {
  it.each([
    ['<b>b</b><strong>b</strong>', 'bb', ['bold 0+1', 'bold 1+1']],
    ['<i>i</i><em>i</em>', 'ii', ['italic 0+1', 'italic 1+1']],
    ['<u>u</u><ins>u</ins>', 'uu', ['underline 0+1', 'underline 1+1']],
    ['<s>s</s><strike>s</strike><del>s</del>', 'sss', ['strikethrough 0+1', 'strikethrough 1+1', 'strikethrough 2+1']],
    ['<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>', 'xy', ['spoiler 0+1', 'spoiler 1+1']],
    ['<code>c</code><pre>p</pre>', 'cp', ['code 0+1', 'pre 1+1']],
    ['<pre><code class="language-sql">x</code></pre>', 'x', ['pre 0+1 sql']],
    ['<code class="language-sql">x</code>', 'x', ['code 0+1']],
    ['<blockquote>q</blockquote><blockquote expandable>r</blockquote>', 'qr', ['blockquote 0+1', 'expandable_blockquote 1+1']],
    ['<a href="https://example.org/?a=1&amp;b=2">l</a>', 'l', ['text_link 0+1 https://example.org/?a=1&b=2']],
    ["<a href='example.org'>l</a>", 'l', ['text_link 0+1 http://example.org/']],
    ['<a>example.org</a>', 'example.org', ['text_link 0+11 http://example.org/']],
    ['<a href="nowhere">l</a>', 'l', []],
    ['<a href="tg://user?id=5">l</a>', 'l', ['text_link 0+1 tg://user?id=5']],
    ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', ['custom_emoji 0+2']],
    ['<tg-time unix="1700000000">then</tg-time>', 'then', ['date_time 0+4']],
    ['<B>b</b >', 'b', ['bold 0+1']],
    ['<b>x</>', 'x', ['bold 0+1']],
    ['<b></b>x', 'x', []],
    ['🦌<b>Ё</b>', '🦌Ё', ['bold 2+1']],
    ['<b>1<i>2</i></b>', '12', ['bold 0+2', 'italic 1+1']],
    ['a &lt; b &gt; c &amp; d &quot;', 'a < b > c & d "', []],
    ['&lt &#38; &#x26; &#x1F98C;', '< & & 🦌', []],
    ['&nbsp; &apos; & &; &#0; &#x110000;', '&nbsp; &apos; & &; &#0; &#x110000;', []],
    ['5 > 4 "and" \'so\'', '5 > 4 "and" \'so\'', []],
  ])('%s', (html, text, looks) => {
    const parsed = parseHtml(html);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const seen = parsed.entities.map(({ type, offset, length, url, language }) =>
      [`${type} ${offset}+${length}`, url ?? language].filter(Boolean).join(' '),
    );
    expect([parsed.text, seen]).toEqual([text, looks]);
  });

  it.each([
    ['Ёж <b', 'Unclosed start tag at byte offset 5'],
    ['<b ', 'Empty attribute name in the tag "b" at byte offset 0'],
    ['<a href', 'Unclosed start tag "a" at byte offset 0'],
    ['<a href=', 'Unclosed start tag "a" at byte offset 0'],
    ['<a href="x>', 'Unclosed start tag at byte offset 0'],
    ['<a href=x/y>l</a>', 'Unexpected end of name token at byte offset 8'],
    ['<a />', 'Empty attribute name in the tag "a" at byte offset 0'],
    ['🦌 <br>', 'Unsupported start tag "br" at byte offset 5'],
    ['1 < 2 >', 'Unsupported start tag "" at byte offset 2'],
    ['<p>x</p>', 'Unsupported start tag "p" at byte offset 0'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
    ['<b>x</i></b>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['<b><i>x</i>', `Can't find end tag corresponding to start tag "b"`],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['<tg-emoji emoji-id="x">y</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['&#xd800;', 'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units'],
  ])('%s is refused', (html, problem) => {
    expect(parseHtml(html)).toEqual({ problem });
  });

  it('comes out as it was, once its three characters are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        expect(parseHtml(html)).toEqual({ text, entities: [] });
      }),
    );
  });

  it('is read to its end, whatever stands in it', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      'b',
      'a',
      ' ',
      'href',
      '=',
      '"',
      "'",
      '&',
      '#',
      'x',
      ';',
      'Ё',
      '🦌',
      '<b>',
      '</b>',
      'lt',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const parsed = parseHtml(pieces.join(''));
        expect('problem' in parsed ? parsed.problem : parsed.text).toBeTypeOf('string');
      }),
      { numRuns: 1_000 },
    );
  });
});
