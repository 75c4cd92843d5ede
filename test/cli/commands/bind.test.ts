import { describe, expect, it } from 'vitest';

import { bind } from '../../../src/cli/commands/bind.ts';
import { BOT, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const COPY = { place: { boundTo: 'there', here: 'here', keyFingerprint: 'key-1' } };
const ask = (wish: FakeWish, flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: bind, flags });
const wrote = (did: readonly string[]): readonly string[] => did.filter((call) => /^(?:bind|saveKey|forget)\(/u.test(call));

describe('bind', () => {
  it('only says what it would do until it is confirmed', async () => {
    const { result, did } = ask({ status: COPY });
    const { text, code } = await result;
    expect(code).toBe(9);
    expect(text).toContain('Журнал принадлежит there; здесь – here.');
    expect(text).toContain('добавьте --yes');
    expect(wrote(did)).toEqual([]);
  });

  it('makes a copy a site of its own', async () => {
    const { result, did } = ask({ status: COPY, desk: { bind: async () => ({ place: 'here', marked: 0 }) } }, { yes: true }, 'en');
    expect(await result).toMatchObject({ code: 0, text: 'The ledger belongs to this place now: here.' });
    expect(wrote(did)).toEqual(['bind({"botId":null,"restored":null})']);
  });

  it('gives the copy this host’s own key before the place, so that no run begins in between, and says so first', async () => {
    const wish = { status: COPY, keyring: { fingerprint: 'own' } };
    expect((await ask(wish).result).text).toContain('Ключ ссылок этой машины станет ключом журнала');
    const { result, did } = ask(wish, { yes: true });
    await result;
    expect(wrote(did)).toEqual(['saveKey("own")', 'bind({"botId":null,"restored":null})']);
  });

  it('keeps the ledger’s key where this host has none', async () => {
    const { result, did } = ask({ status: COPY, keyProblem: true }, { yes: true });
    await result;
    expect(wrote(did)).toEqual(['bind({"botId":null,"restored":null})']);
  });

  it.each([
    ['without a word', true, 'mark'],
    ['mark', 'mark', 'mark'],
    ['leave', 'leave', 'leave'],
  ] as const)('accepts a past that was set back: %s', async (_how, restored, what) => {
    const planned = ask({}, { restored });
    expect(await planned.result).toMatchObject({ code: 9, text: expect.stringContaining(`\`${what}\``) });
    expect(wrote(planned.did)).toEqual([]);
    const { result, did } = ask({ desk: { bind: async () => ({ place: 'here', marked: 4 }) } }, { restored, yes: true });
    const { text, code } = await result;
    expect(code).toBe(0);
    expect(text.includes('Отмечены известными 4 операции')).toBe(what === 'mark');
    expect(wrote(did)).toEqual([`bind({"botId":"${BOT}","restored":"${what}"})`, `forget(${BOT})`]);
  });

  it('keeps what the host remembers when the database fails', async () => {
    const { result, did } = ask({ desk: { bind: async () => Promise.reject(new Error('disk')) } }, { restored: 'mark', yes: true });
    await expect(result).rejects.toThrow('disk');
    expect(did.some((call) => call.startsWith('forget'))).toBe(false);
  });
});
