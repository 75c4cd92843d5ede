import { describe, expect, it } from 'vitest';

import { install, upgrade } from '../../../src/cli/commands/install.ts';
import { NOW, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const ask = (wish: FakeWish, flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: install, flags });

describe('install', () => {
  it('makes the key and the ledger, tells each step and what to do next', async () => {
    const { result, did } = ask({});
    const { text, code, json } = await result;
    expect(code).toBe(0);
    expect(did[0]).toBe(
      `install(${JSON.stringify({ keyFingerprint: 'key-1', paused: false, mayLeaveScript: true, noteType: 'chat_ID в Telegram' })})`,
    );
    expect(text).toContain('сделано  ключ ссылок ');
    expect(text).toContain('уже было  таблицы Tillypad');
    expect(text).toContain('сделано  представление operation');
    expect(text).toContain('1. tp-tg-notify link КЛИЕНТ');
    expect(text).not.toContain('resume');
    expect(json).toMatchObject({
      schema: 1,
      command: 'install',
      key: { created: true },
      ledgerSchema: 1,
      steps: expect.arrayContaining([{ step: 'ledger', did: true }]),
    });
  });

  it('tells it in English, resume among the next steps of a paused site', async () => {
    const { result, did } = ask({ installReport: { notes: 3 } }, { paused: true }, 'en');
    const { text } = await result;
    expect(did[0]).toContain('"paused":true');
    expect(text).toContain('3 customers have a filled note');
    expect(text).toContain('3. tp-tg-notify resume – until then nothing is sent\n  4. tp-tg-notify run – the first run');
    expect(text).toContain('done  the ledger’s tables');
  });

  it('begins with the token where there is none', async () => {
    const { text } = await ask({ bare: true, settings: 'database: site.sqlite\n' }).result;
    expect(text).toContain('1. впишите токен бота');
  });

  it('makes the note type of every task once', async () => {
    const settings =
      'tasks:\n  a: {}\n  b:\n    subscriptions:\n      noteType: Telegram\n  c:\n    subscriptions:\n      noteType: Telegram\n';
    const { result, did } = ask({ settings });
    await result;
    expect(did.filter((call) => call.startsWith('install(')).map((call) => /"noteType":"([^"]*)"/u.exec(call)?.[1])).toEqual([
      'chat_ID в Telegram',
      'Telegram',
    ]);
  });

  it('says what the notes of each type will mean, by the settings of their tasks', async () => {
    const settings = `tasks:
  a: {}
  b:
    subscriptions: { noteType: Чат, trustNotes: false }
`;
    const wish = { settings, installReport: { notes: 3 } };
    const [ru, en] = [await ask(wish).result, await ask(wish, {}, 'en').result];
    expect(ru.text).toContain('Заметка «chat_ID в Telegram» заполнена у 3 клиентов; первый запуск подпишет их по ней.');
    expect(ru.text).toContain('Заметка «Чат» заполнена у 3 клиентов; по ним никого не подпишут, так велит subscriptions.trustNotes: false');
    expect(en.text).toContain('3 customers have a filled note «chat_ID в Telegram»; the first run subscribes them by it.');
    expect(en.text).toContain('3 customers have a filled note «Чат»; they subscribe nobody, as subscriptions.trustNotes: false says');
    expect(en.json).toMatchObject({ notes: 6 });
  });

  it('done again after runs, speaks of no first one', async () => {
    const runs = [{ runNo: 1, startedAt: NOW, finishedAt: NOW, exitCode: 0, host: 'till-1', summary: null }];
    const wish = { status: { runs }, installReport: { notes: 3 } };
    const [{ text }, paused] = [await ask(wish).result, await ask(wish, { paused: true }).result];
    expect(text).toContain('Заметка «chat_ID в Telegram» заполнена у 3 клиентов.');
    expect(text).not.toMatch(/первый запуск|Что дальше/u);
    expect(paused.text).toContain('1. tp-tg-notify resume');
    expect(paused.text).not.toContain('2. ');
  });

  it('tells that the script was left out, and what the script had to say', async () => {
    const wish = { installReport: { scriptLeft: true, said: ['Индекса нет / No index'] } };
    expect((await ask(wish).result).text).toContain('Скрипт не выполнялся: это имя входа не член db_owner.');
    const { text, json } = await ask(wish, {}, 'en').result;
    expect(text).toContain('The script was not run: this login is no member of db_owner.');
    expect(text).toContain('Индекса нет / No index');
    expect(json).toMatchObject({ scriptLeft: true, said: ['Индекса нет / No index'] });
    expect((await ask({}, {}, 'en').result).text).not.toContain('The script was not run');
  });

  it('as upgrade never leaves the script out: it is all that an upgrade is', async () => {
    const { result, did } = runIn('en', {}, { command: upgrade });
    await result;
    expect(did[0]).toContain('"mayLeaveScript":false');
  });

  it('says that an older ledger has another key, and leaves both alone', async () => {
    const { text, code } = await ask({ status: { place: { boundTo: 'a', here: 'a', keyFingerprint: 'older' } } }).result;
    expect(code).toBe(2);
    expect(text).toContain('Журнал подписан другим ключом (older)');
    expect(text).not.toContain('Что дальше');
  });

  it('says that the database is a copy', async () => {
    const { text, code } = await ask({ status: { place: { boundTo: 'there', here: 'here', keyFingerprint: 'key-1' } } }, {}, 'en').result;
    expect(code).toBe(7);
    expect(text).toContain('The ledger is bound to there, and this is here');
  });
});
