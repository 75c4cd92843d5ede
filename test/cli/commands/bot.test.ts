import { describe, expect, it } from 'vitest';

import { bot } from '../../../src/cli/commands/bot.ts';
import { BOT_COMMANDS } from '../../../src/core/bot-texts.ts';
import { BOT, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const TASK = { taskId: 'default', watermark: null, firstLookDone: false, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null };
const ask = (wish: FakeWish, flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: bot, flags });

describe('bot', () => {
  it('tells who the bot is, that nobody else reads it, and that the ledger knows it', async () => {
    const { text, code, json } = await ask({ channel: { readWebhook: async () => ({ answer: 'webhook', url: '', pending: 2 }) } }).result;
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      `@penka_bot «Пенка», код ${BOT}`,
      '  вебхука нет',
      '  2 обновления ждут следующего запуска',
      '  журнал знает этого бота',
    ]);
    expect(json).toMatchObject({
      bots: [{ botId: BOT, username: 'penka_bot', pending: 2, webhook: null, bound: true, commandsSet: false }],
    });
  });

  it('tells it in English', async () => {
    expect((await ask({}, {}, 'en').result).text.split('\n')).toEqual([
      `@penka_bot «Пенка», id ${BOT}`,
      '  no webhook is set',
      '  no updates wait for the next run',
      '  the ledger knows this bot',
    ]);
  });

  it('tells of a webhook its host only, as the path may hold a secret', async () => {
    const { text, code, json } = await ask({
      channel: { readWebhook: async () => ({ answer: 'webhook', url: 'https://example.org/hook/SECRET', pending: 9 }) },
    }).result;
    expect(code).toBe(5);
    expect(text).toContain('вебхук: example.org');
    expect(text + JSON.stringify(json)).not.toContain('SECRET');
  });

  const WITH_WEBHOOK = { readWebhook: async () => ({ answer: 'webhook', url: 'https://example.org/hook/SECRET', pending: 9 }) as const };

  it.each([
    ['ru', /вебхук снят \(был: example\.org\).*Программа, которая его поставила, обновлений этого бота больше не получит/],
    ['en', /the webhook was taken away \(it was example\.org\).*The program that had set it gets no updates/],
  ] as const)('takes the webhook away when asked to, telling its host only (%s)', async (language, sentence) => {
    const { result, did } = ask({ channel: WITH_WEBHOOK }, { deleteWebhook: true }, language);
    const { text, code, json } = await result;
    expect(code).toBe(0);
    expect(text).toMatch(sentence);
    expect(text + JSON.stringify(json)).not.toContain('SECRET');
    expect(json).toMatchObject({ bots: [{ webhook: null, webhookDeleted: { host: 'example.org' }, pending: 9, findings: [] }] });
    expect(did.filter((call) => call.startsWith('deleteWebhook'))).toEqual(['deleteWebhook()']);
  });

  it.each([
    ['ru', 'вебхука и не было, снимать нечего'],
    ['en', 'no webhook was set, so there was nothing to take away'],
  ] as const)('has no webhook to take away where none is set (%s)', async (language, sentence) => {
    const { result, did } = ask({}, { deleteWebhook: true }, language);
    expect((await result).text).toContain(sentence);
    expect(did.some((call) => call.startsWith('deleteWebhook'))).toBe(false);
  });

  it.each([
    ['ru', /затем: tp-tg-notify bot --delete-webhook\. После этого она перестанет получать обновления/],
    ['en', /then: tp-tg-notify bot --delete-webhook\. From then on that program gets no updates/],
  ] as const)('leaves a webhook where it is unless asked, and names the command (%s)', async (language, sentence) => {
    const { result, did } = ask({ channel: WITH_WEBHOOK }, {}, language);
    expect((await result).text).toMatch(sentence);
    expect(did.some((call) => call.startsWith('deleteWebhook'))).toBe(false);
  });

  it('tells of a bot that the first run will bind', async () => {
    const { text, code } = await ask({ status: { bound: false } }).result;
    expect(code).toBe(0);
    expect(text).toContain('его привяжет первый запуск');
  });

  it('refuses a bot in place of the one that told the task before', async () => {
    const { text, code } = await ask({ status: { bound: false }, wholeStatus: { tasks: [TASK] } }).result;
    expect(code).toBe(2);
    expect(text).toContain('О задаче default до сих пор рассказывал другой бот');
  });

  it('sets the menu in Russian for everybody and in English', async () => {
    const { result, did } = ask({}, { setCommands: true });
    expect((await result).text).toContain('меню команд установлено');
    expect(did.filter((call) => call.startsWith('setCommands'))).toEqual([
      `setCommands(${JSON.stringify(BOT_COMMANDS.ru)}, null)`,
      `setCommands(${JSON.stringify(BOT_COMMANDS.en)}, "en")`,
    ]);
  });

  it('sets no menu unless it is asked to', async () => {
    const { result, did } = ask({});
    await result;
    expect(did.some((call) => call.startsWith('setCommands'))).toBe(false);
  });

  it.each([
    ['identify', { identify: async () => ({ answer: 'unusable', why: 'unauthorized', detail: '' }) as const }],
    ['readWebhook', { readWebhook: async () => ({ answer: 'unusable', why: 'unauthorized', detail: '' }) as const }],
    ['deleteWebhook', { ...WITH_WEBHOOK, deleteWebhook: async () => ({ answer: 'unusable', why: 'unauthorized', detail: '' }) as const }],
    ['setCommands', { setCommands: async () => ({ answer: 'unusable', why: 'unauthorized', detail: '' }) as const }],
  ])('says that the token is refused when %s meets it', async (_call, channel) => {
    await expect(ask({ channel }, { setCommands: true, deleteWebhook: true }).result).rejects.toMatchObject({
      code: 5,
      findings: [{ code: 'telegram_unusable' }],
    });
  });
});
