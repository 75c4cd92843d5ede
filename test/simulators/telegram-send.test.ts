import { describe, expect, it } from 'vitest';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { call, stage, START } from './calling.ts';
import type { Stage, Told } from './calling.ts';

const LONGEST = 4_096;

async function stageWithPerson(): Promise<Stage & { person: Person; send: (args: object) => Promise<Told> }> {
  const at = await stage({ limits: { chatPerSecond: 0 } });
  const person = at.telegram.person({ name: 'Anna' });
  person.becomeKnown();
  return { ...at, person, send: (args) => call(at, 'sendMessage', { chat_id: person.chatId, ...args }) };
}

describe('sendMessage', () => {
  it('puts the message into the chat and answers it', async () => {
    const { person, send, telegram } = await stageWithPerson();
    expect(await send({ text: 'Зачислено <b>500</b>', parse_mode: 'html', allow_paid_broadcast: true })).toEqual({
      status: 200,
      retryAfter: null,
      ok: true,
      result: {
        message_id: 1,
        from: { id: 7_000_000_001, is_bot: true, first_name: 'Simulated bot', username: 'simulated_guests_bot' },
        chat: { id: person.id, first_name: 'Anna', type: 'private' },
        date: START / 1_000,
        text: 'Зачислено 500',
        entities: [{ type: 'bold', offset: 10, length: 3 }],
      },
    });
    expect(telegram.messages).toEqual([
      expect.objectContaining({
        call: 1,
        chatId: person.chatId,
        messageId: 1,
        at: START,
        text: 'Зачислено 500',
        silent: false,
        paid: true,
      }),
    ]);
  });

  it('numbers messages in a row and leaves markup alone without a parse mode', async () => {
    const { person, send } = await stageWithPerson();
    await send({ text: '<b>1 &amp; 2</b>' });
    await send({ text: '2', parse_mode: '' });
    expect(person.received.map(({ messageId, text }) => [messageId, text])).toEqual([
      [1, '<b>1 &amp; 2</b>'],
      [2, '2'],
    ]);
  });

  it.each([
    [{ text: 'x', chat_id: '' }, 'Bad Request: chat_id is empty'],
    [{ text: '' }, 'Bad Request: message text is empty'],
    [{}, 'Bad Request: message text is empty'],
    [{ text: ' \n ' }, 'Bad Request: text must be non-empty'],
    [{ text: '\u200b' }, 'Bad Request: text must be non-empty'],
    [{ text: '<b> </b>', parse_mode: 'HTML' }, 'Bad Request: text must be non-empty'],
    [{ text: 'x'.repeat(LONGEST + 1) }, 'Bad Request: message is too long'],
    [{ text: 'x'.repeat(32_769) }, 'Bad Request: text is too long'],
    [{ text: 'x', parse_mode: 'TeX' }, 'Bad Request: unsupported parse_mode'],
    [{ text: 'x', parse_mode: 'MarkdownV2' }, 'Bad Request: the simulator parses HTML only'],
    [{ text: '<b>x', parse_mode: 'HTML' }, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`],
    [{ text: 'x', chat_id: 1 }, 'Bad Request: chat not found'],
    [{ text: 'x', chat_id: '@nobody' }, 'Bad Request: chat not found'],
    [{ text: 'x', chat_id: 'nonsense' }, 'Bad Request: chat not found'],
  ])('refuses %.60j', async (args, description) => {
    const { person, send } = await stageWithPerson();
    expect(await send(args)).toMatchObject({ status: 400, ok: false, error_code: 400, description });
    expect(person.received).toEqual([]);
  });

  it('counts the length after parsing, in characters and not in their halves', async () => {
    const { person, send } = await stageWithPerson();
    const text = '🦌'.repeat(LONGEST);
    expect(await send({ text: `<i>${text}</i>`, parse_mode: 'HTML' })).toMatchObject({ ok: true });
    expect(person.received[0]?.text).toBe(text);
    expect(await send({ text: `<i>${text}.</i>`, parse_mode: 'HTML' })).toMatchObject({ description: 'Bad Request: message is too long' });
  });

  it('does not know who has never pressed Start', async () => {
    const at = await stage();
    const stranger = at.telegram.person();
    stranger.block();
    expect(await call(at, 'sendMessage', { chat_id: stranger.chatId, text: 'x' })).toMatchObject({
      status: 400,
      description: 'Bad Request: chat not found',
    });
  });

  it('is refused by who has blocked the bot, until they come back', async () => {
    const { person, send } = await stageWithPerson();
    person.block();
    expect(await send({ text: 'x' })).toMatchObject({
      status: 403,
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    person.unblock();
    expect(await send({ text: 'x' })).toMatchObject({ ok: true });
    expect(person.received).toHaveLength(1);
  });

  it('trims the ends and replaces control characters, with the entities in step', async () => {
    const { person, send } = await stageWithPerson();
    const { result } = await send({ text: ' \n\ta\r<b>b\u202e</b>\u0007 c\n\n', parse_mode: 'HTML' });
    expect(result).toMatchObject({ text: 'ab  c', entities: [{ type: 'bold', offset: 1, length: 1 }] });
    expect(person.received[0]?.text).toBe('ab  c');
  });

  it('cuts an entity that reaches into the trimmed end', async () => {
    const { send } = await stageWithPerson();
    expect((await send({ text: '<b> x \n</b><i> </i>', parse_mode: 'HTML' })).result).toMatchObject({
      text: ' x',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });
});
