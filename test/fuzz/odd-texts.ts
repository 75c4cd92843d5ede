import * as fc from 'fast-check';

/** What people, other programs and damaged files put into a field that was meant for a name. */
const KNOWN = [
  '',
  ' ',
  '\u0000',
  '\u0000\u0019\u0005\u0000Анна!',
  '\u0000\u0019\uffff\uffffАнна',
  '\u0001\u0002\u001b[31mкрасный\u001b[0m\u0007',
  '\u202eевзаран\u202c',
  '\u2066\u2067\u200f\u061cשלום ‎1 250',
  'מסעדה',
  '\ud800',
  'Анна \udfff и \ud83d',
  '👩‍👩‍👧‍👦'.repeat(20),
  'e\u0301\u0302\u0303'.repeat(50),
  '<b>не жирный</b> & <script>alert(1)</script>',
  '&lt;&#0;&#1114112;',
  '{amount, select, other {',
  "'; drop table delivery; --",
  '%s %d %n {0} ${7*7} #{x}',
  '../../../etc/passwd',
  '\r\nSet-Cookie: x=1\r\n\r\n',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '__proto__',
  'constructor',
  '\ufeff',
  '\ufffe\uffff',
  'А'.repeat(5_000),
];

/** Odd texts of every kind; `longest`: UTF-16 units of the random ones. */
export function oddText(longest = 60): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...KNOWN), weight: 3 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: longest }), weight: 1 },
    {
      // Halves of surrogate pairs, which no unit of fast-check's own makes.
      arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: longest }).map((codes) => String.fromCharCode(...codes)),
      weight: 1,
    },
  );
}
