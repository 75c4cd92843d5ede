import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createScrubber, secretsOfProxy } from '../../src/http/scrub.ts';

describe('a scrubber', () => {
  const scrub = createScrubber(['s3cr3t/word', 'ab', '']);

  it.each([
    ['key s3cr3t/word!', 'key ***!'],
    ['key S3CR3T%2Fword', 'key ***'],
    ['ab, about AB.', '***, about ***.'],
    ['nothing to hide', 'nothing to hide'],
    ['GET https://name:word@api.example:8443/bot1:x/getMe?a=b failed', 'GET https://api.example:8443 failed'],
    ['see <a href="http://x.example/p">', 'see <a href="http://x.example">'],
    ['one\r\ntwo\u0000three\u2028four', 'one two three four'],
    ['  padded  ', 'padded'],
  ])('makes %j into %j', (text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it('tells no more than three hundred characters', () => {
    expect(scrub('x'.repeat(5000))).toHaveLength(300);
  });

  it('leaves no secret of four characters or more, however it is spelt', () => {
    const spell = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      encodeURI,
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => text.toUpperCase(),
    );
    const secret = fc
      .string({ minLength: 4, maxLength: 40 })
      .filter((text) => text.trim() === text && !'***…'.includes(text) && !/^[*\s\p{Cc}]+$/u.test(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), spell, (word, before, after, spelt) => {
        const said = createScrubber([word])(`${before} ${spelt(word)} ${after}`);
        expect(said.toLowerCase().replaceAll('***', '')).not.toContain(spelt(word).toLowerCase());
      }),
    );
  });

  it('takes long nonsense in its stride', () => {
    const began = process.cpuUsage();
    scrub('a.'.repeat(500_000));
    scrub('a://'.repeat(250_000));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
  });
});

describe('the secrets of a proxy', () => {
  it('are its name and its password in each of their spellings', () => {
    const secrets = secretsOfProxy('http://me:p%40ss@proxy:3128');
    expect(secrets).toEqual(expect.arrayContaining(['me', 'p%40ss', 'p@ss', Buffer.from('me:p@ss').toString('base64')]));
  });

  it.each([null, 'http://proxy:3128', 'no address', 'http://me%zz:x@proxy'])('are found without a fault in %s', (proxy) => {
    expect(secretsOfProxy(proxy).every((secret) => secret !== '')).toBe(true);
  });
});
