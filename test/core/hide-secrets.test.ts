import { describe, expect, it } from 'vitest';

import { createMask } from '../../src/core/hide-secrets.ts';
import { Secret, withoutSecrets } from '../../src/core/secret.ts';

describe('a mask', () => {
  it('hides a secret in each of its spellings', () => {
    const secret = 'k+/ey "of" nobody';
    const mask = createMask([secret]);
    for (const spelt of [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ secret }).toString(),
      JSON.stringify(JSON.stringify(secret)),
    ])
      expect(mask(`before ${spelt} after`)).toMatch(/^before .*\*\*\*.* after$/);
    expect(mask(secret.toUpperCase())).toBe('***');
  });

  it('hides short ones as whole words alone, and nothing where there is nothing to hide', () => {
    expect(createMask(['ab'])('ab tab')).toBe('*** tab');
    expect(createMask([])('whatever')).toBe('whatever');
  });
});

describe('a text that came from anywhere', () => {
  it('shows no secret that was made in this process, whole or in its parts', () => {
    const token = `7000000009:${'Q'.repeat(35)}`;
    expect(new Secret(token).reveal()).toBe(token);
    expect(new Secret('socks5://robot:pass%2Fword-xyz@proxy:1').reveal()).toContain('robot');
    const said = withoutSecrets(`bot${token}/getMe ${token.slice(11)} pass/word-xyz pass%2Fword-xyz the end`);
    expect(said).toBe('bot***/getMe *** *** *** the end');
  });

  it('keeps its words where a secret is too short to be one', () => {
    expect(new Secret('-').reveal()).toBe('-');
    expect(withoutSecrets('a - b')).toBe('a - b');
  });
});
