import { describe, expect, it } from 'vitest';

import { rotateKeys } from '../../../src/cli/commands/keys.ts';
import { runIn } from '../../support/fake-doors.ts';

describe('keys rotate', () => {
  it.each([
    ['ru', {}, 'Отправленные раньше ссылки продолжают действовать.', 'prepareKey(false)'],
    ['ru', { revokeOld: true }, 'Отправленные раньше ссылки больше не действуют', 'prepareKey(true)'],
    ['en', {}, 'Links sent before go on working.', 'prepareKey(false)'],
    ['en', { revokeOld: true }, 'Links sent before no longer work', 'prepareKey(true)'],
  ] as const)(
    'puts a new key into the file, lets the ledger know, and only then lets it sign (%s, %o)',
    async (language, flags, text, call) => {
      const { result, did } = runIn(language, {}, { command: rotateKeys, flags });
      expect(await result).toMatchObject({ code: 0, text: expect.stringContaining(text), json: { number: 2, fingerprint: 'key-2' } });
      expect(did.filter((one) => /^(?:prepareKey|saveKey|finishKey)/u.test(one))).toEqual([call, 'saveKey("key-2")', 'finishKey']);
    },
  );

  it('tells that further hosts need the file', async () => {
    expect((await runIn('ru', {}, { command: rotateKeys }).result).text).toContain('Скопируйте файл на все другие машины');
  });

  it('rotates no key that the ledger doesn’t know', async () => {
    const { result, did } = runIn('ru', { keyring: { fingerprint: 'stray' } }, { command: rotateKeys });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: 'key_differs' }] });
    expect(did.some((call) => call.startsWith('prepareKey'))).toBe(false);
  });
});
