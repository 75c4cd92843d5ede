import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseJson } from '../../src/http/answer.ts';
import { readUpdates } from '../../src/telegram/updates.ts';

const chat = { id: 42, first_name: 'Иван', type: 'private' };
const from = { id: 42, is_bot: false, first_name: 'Иван', language_code: 'ru' };
const message = { message_id: 1, from, chat, date: 1_764_000_000, text: '/start abc' };

describe('a page of updates', () => {
  it('tells a text, its chat, its date and the language of its sender', () => {
    expect(readUpdates([{ update_id: 7, message }])).toEqual([
      { kind: 'message', updateId: 7, chatId: '42', chatType: 'private', text: '/start abc', languageCode: 'ru', date: 1_764_000_000 },
    ]);
  });

  it('tells a text whose sender has no language, or that has no sender', () => {
    expect(readUpdates([{ update_id: 7, message: { ...message, from: { id: 42 } } }])).toMatchObject([{ languageCode: null }]);
    expect(readUpdates([{ update_id: 7, message: { ...message, from: undefined } }])).toMatchObject([{ languageCode: null }]);
  });

  it.each([
    ['kicked', 'blocked'],
    ['member', 'back'],
  ])('tells membership: %s is %s', (status, expected) => {
    const change = { chat, from, date: 5, old_chat_member: { status: 'whatever' }, new_chat_member: { user: { id: 1 }, status } };
    expect(readUpdates([{ update_id: 8, my_chat_member: change }])).toEqual([
      { kind: 'membership', updateId: 8, chatId: '42', chatType: 'private', status: expected, date: 5 },
    ]);
  });

  it.each([
    ['an edited message', { edited_message: message }],
    ['a channel post', { channel_post: message }],
    ['a photograph', { message: { ...message, text: undefined, photo: [], caption: '/start abc' } }],
    ['a callback', { callback_query: { id: '1', from, data: 'x' } }],
    ['another membership', { my_chat_member: { chat, date: 5, new_chat_member: { status: 'administrator' } } }],
    ['somebody else’s membership', { chat_member: { chat, date: 5, new_chat_member: { status: 'kicked' } } }],
    ['a message without a chat', { message: { ...message, chat: undefined } }],
    ['a message in a chat whose id is no number', { message: { ...message, chat: { ...chat, id: 'forty-two' } } }],
    ['a kind of tomorrow', { telepathy: {} }],
    ['nothing', {}],
  ])('takes %s as something else', (_, update) => {
    expect(readUpdates([{ update_id: 9, ...update }])).toEqual([{ kind: 'other', updateId: 9 }]);
  });

  it('keeps Telegram’s order and numbers', () => {
    const page = readUpdates([5, 3, 900_000_000].map((id) => ({ update_id: id, message })));
    expect(page?.map(({ updateId }) => updateId)).toEqual([5, 3, 900_000_000]);
  });

  it('is none when it is no list, or when something in it has no number', () => {
    for (const other of [null, {}, 'x', 7, true, [null], [{}], [{ update_id: '7' }], [{ update_id: 1.5 }], [{ update_id: 1 }, 7]])
      expect(readUpdates(other)).toBeNull();
  });

  it.each(['9007199254740993', '-1001234567890123456', '18446744073709551615', '123456789012', '-42'])(
    'keeps the chat id %s exact',
    (id) => {
      const page = parseJson(`[{"update_id":1,"message":{"chat":{"id":${id},"type":"private"},"date":1764000000,"text":"a"}}]`);
      expect(readUpdates(page)).toMatchObject([{ kind: 'message', chatId: id, date: 1_764_000_000 }]);
    },
  );

  it('keeps any 64-bit id exact', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((id) => id !== 0n),
        (id) => {
          const page = readUpdates(parseJson(`[{"update_id":1,"message":{"chat":{"id":${id}},"text":"12345678901234567890"}}]`));
          expect(page).toMatchObject([{ chatId: String(id), text: '12345678901234567890' }]);
        },
      ),
    );
  });

  it('never fails on any JSON', () => {
    const parts = fc.constantFrom(
      'update_id',
      'message',
      'my_chat_member',
      'chat',
      'id',
      'text',
      'from',
      'new_chat_member',
      'status',
      'date',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(parts, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree), (page) => {
        const updates = readUpdates(page);
        expect(updates === null || updates.length === page.length).toBe(true);
      }),
    );
  });
});
