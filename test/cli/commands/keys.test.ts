import { describe, expect, it } from 'vitest';

import { rotateKeys } from '../../../src/cli/commands/keys.ts';
import { runIn } from '../../support/fake-doors.ts';

describe('keys rotate', () => {
  it.each([
    ['ru', {}, 'Отправленные раньше ссылки продолжают действовать.', 'rotateKey(false)'],
    ['ru', { revokeOld: true }, 'Отправленные раньше ссылки больше не действуют', 'rotateKey(true)'],
    ['en', {}, 'Links sent before go on working.', 'rotateKey(false)'],
    ['en', { revokeOld: true }, 'Links sent before no longer work', 'rotateKey(true)'],
  ] as const)('makes a new key and lets the ledger know (%s, %o)', async (language, flags, text, call) => {
    const { result, did } = runIn(language, {}, { command: rotateKeys, flags });
    expect(await result).toMatchObject({ code: 0, text: expect.stringContaining(text), json: { number: 2, fingerprint: 'key-2' } });
    expect(did.filter((one) => /^(?:rotateKey|saveKey)/u.test(one))).toEqual([call, 'saveKey("key-2")']);
  });

  it('tells that further hosts need the file', async () => {
    expect((await runIn('ru', {}, { command: rotateKeys }).result).text).toContain('Скопируйте файл на все другие машины');
  });

  it('rotates no key that the ledger doesn’t know', async () => {
    const { result, did } = runIn('ru', { keyring: { fingerprint: 'stray' } }, { command: rotateKeys });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: 'key_differs' }] });
    expect(did.some((call) => call.startsWith('rotateKey'))).toBe(false);
  });
});
