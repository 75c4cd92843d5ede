import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureSms } from '../../src/core/segments.ts';

const segments = (text: string, operator: 'smsru' | 'p1sms' | 'pushsms' = 'smsru') => measureSms(text, operator).segments;

describe('an SMS', () => {
  it.each([
    ['a', 160, 1],
    ['a', 161, 2],
    ['a', 306, 2],
    ['a', 307, 3],
    ['я', 70, 1],
    ['я', 71, 2],
    ['я', 134, 2],
    ['я', 135, 3],
    ['€', 80, 1],
    ['€', 81, 2],
    ['😀', 35, 1],
    ['😀', 36, 2],
  ])('of %j × %i takes %i', (character, count, expected) => {
    expect(segments(character.repeat(count))).toBe(expected);
  });

  it('never parts an escaped character or a surrogate pair between two segments', () => {
    // 153 septets a part: 152 and a pair don't fit, so the pair opens the next one.
    expect(segments(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).toBe(2);
    expect(segments(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toBe(3);
    expect(segments(`${'я'.repeat(66)}😀${'я'.repeat(65)}`)).toBe(2);
    expect(segments(`${'я'.repeat(66)}😀${'я'.repeat(66)}`)).toBe(3);
  });

  it('is counted as UTF-16 by PUSHSMS where it is not plain Latin, and as GSM says by the others', () => {
    for (const [text, latin] of [
      ['caf\u00e9', true],
      ['a[b]', true],
      ['`', false],
      ['я', false],
    ] as const) {
      expect(measureSms(text, 'smsru').alphabet).toBe(latin ? 'gsm' : 'ucs2');
      expect(measureSms(text, 'p1sms').alphabet).toBe(latin ? 'gsm' : 'ucs2');
      expect(measureSms(text, 'pushsms').alphabet).toBe('ucs2');
    }
    expect(measureSms('https://t.me/bot?start=A_b-1', 'pushsms')).toEqual({ alphabet: 'gsm', units: 28, segments: 1 });
  });

  it('never costs less at PUSHSMS, and never less when it grows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 5 }), (text, more) => {
        expect(segments(text, 'pushsms')).toBeGreaterThanOrEqual(segments(text));
        expect(segments(text + more)).toBeGreaterThanOrEqual(segments(text));
      }),
    );
  });
});
