import { describe, expect, it } from 'vitest';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { call, stage, START } from './calling.ts';
import type { Stage } from './calling.ts';

async function updates(at: Stage): Promise<readonly Record<string, never>[]> {
  const told = await call(at, 'getUpdates', { offset: at.telegram.bot().pendingUpdates() > 0 ? -100 : 0 });
  return told.result as unknown as Record<string, never>[];
}

describe('a person', () => {
  it('presses Start with a payload', async () => {
    const at = await stage();
    const person = at.telegram.person({ name: 'Анна Ёлкина', languageCode: 'ru' });
    person.start('AbC_-09');
    const user = { id: person.id, first_name: 'Анна', last_name: 'Ёлкина' };
    expect(await updates(at)).toEqual([
      {
        update_id: 731_000_001,
        message: {
          message_id: 1,
          from: { ...user, is_bot: false, language_code: 'ru' },
          chat: { ...user, type: 'private' },
          date: START / 1_000,
          text: '/start AbC_-09',
          entities: [{ offset: 0, length: 6, type: 'bot_command' }],
        },
      },
    ]);
  });

  it('has an id that no 32 bits hold', async () => {
    const { telegram } = await stage();
    const [one, other] = [telegram.person(), telegram.person()];
    expect(one.id).toBeGreaterThan(2 ** 32);
    expect(other.id).not.toBe(one.id);
    expect(one.chatId).toBe(String(one.id));
  });

  it('may have no language', async () => {
    const at = await stage();
    at.telegram.person({ languageCode: null }).say('hello');
    expect((await updates(at))[0]?.['message']).not.toHaveProperty('from.language_code');
  });

  it.each(['', 'a'.repeat(65), 'with space', 'кириллица'])('cannot press Start with «%s»', async (payload) => {
    const { telegram } = await stage();
    expect(() => telegram.person().start(payload)).toThrow('START_PARAM_INVALID');
  });

  it('blocks the bot and comes back, and the bot is told', async () => {
    const at = await stage();
    const person = at.telegram.person({ name: 'Anna' });
    person.block();
    person.start();
    person.block();
    person.block();
    expect(() => person.say('hello')).toThrow(/blocked/);
    person.unblock();
    person.unblock();
    person.block();
    person.start();
    const all = await updates(at);
    const told = all.map((update) => {
      const member = update['my_chat_member'] as { old_chat_member: { status: string }; new_chat_member: { status: string } } | undefined;
      return member === undefined ? 'message' : `${member.old_chat_member.status} → ${member.new_chat_member.status}`;
    });
    expect(told).toEqual(['message', 'member → kicked', 'kicked → member', 'member → kicked', 'kicked → member', 'message']);
    expect(all[1]).toMatchObject({
      my_chat_member: {
        chat: { id: person.id, type: 'private' },
        from: { id: person.id },
        new_chat_member: { user: { id: 7_000_000_001, is_bot: true }, status: 'kicked' },
      },
    });
  });

  it('goes without a word', async () => {
    const at = await stage();
    const person = at.telegram.person();
    person.start();
    person.deactivate();
    expect(() => person.say('from beyond')).toThrow(/deactivated/);
    expect(await updates(at)).toHaveLength(1);
    expect(await call(at, 'sendMessage', { chat_id: person.chatId, text: 'x' })).toMatchObject({
      status: 403,
      description: 'Forbidden: user is deactivated',
    });
  });

  it('sees both sides of the chat', async () => {
    const at = await stage();
    const person = at.telegram.person();
    person.start();
    await at.clock.sleep(1_500);
    await call(at, 'sendMessage', { chat_id: person.chatId, text: '<b>5 &lt; 6</b>', parse_mode: 'HTML', disable_notification: true });
    expect(person.chat).toEqual([
      { from: 'person', messageId: 1, at: START, text: '/start', html: '/start', silent: false },
      { from: 'bot', messageId: 2, at: START + 1_500, text: '5 < 6', html: '<b>5 &lt; 6</b>', silent: true },
    ]);
    expect(person.received).toEqual([person.chat[1]]);
  });

  it('is known to one bot and not to another', async () => {
    const other = { token: '7000000002:other', username: 'other_bot', firstName: 'Other' };
    const at = await stage({ bots: [SIMULATED_BOT, other] });
    const person = at.telegram.person({ bot: 'other_bot' });
    person.start();
    expect(await call(at, 'sendMessage', { chat_id: person.chatId, text: 'x' })).toMatchObject({
      status: 400,
      description: 'Bad Request: chat not found',
    });
    expect(await call(at, 'sendMessage', { chat_id: person.chatId, text: 'x' }, other.token)).toMatchObject({ ok: true });
    expect(at.telegram.bot().pendingUpdates()).toBe(0);
    expect(() => at.telegram.person({ bot: 'third_bot' })).toThrow(/third_bot/);
    expect(() => at.telegram.person({ bot: 'other_bot', id: person.id })).toThrow(/exists/);
  });

  it('may be known to the bot from earlier, without an update', async () => {
    const at = await stage();
    const person = at.telegram.person();
    person.becomeKnown();
    expect(at.telegram.bot().pendingUpdates()).toBe(0);
    expect(await call(at, 'sendMessage', { chat_id: person.chatId, text: 'x' })).toMatchObject({ ok: true });
  });
});

describe('a group', () => {
  it('starts the bot with a payload and under its name', async () => {
    const at = await stage();
    const group = at.telegram.group({ title: 'Колледж' });
    group.start(at.telegram.person({ name: 'Anna' }), 'AbC');
    const [update] = await updates(at);
    expect(update).toMatchObject({
      message: {
        text: '/start@simulated_guests_bot AbC',
        chat: { id: group.id, title: 'Колледж', type: 'group' },
        from: { first_name: 'Anna' },
      },
    });
    expect(group.id).toBeLessThan(0);
  });

  it('kicks the bot out', async () => {
    const at = await stage();
    const group = at.telegram.group();
    expect(await call(at, 'sendMessage', { chat_id: group.chatId, text: 'x' })).toMatchObject({ ok: true });
    group.kickBot();
    expect(await call(at, 'sendMessage', { chat_id: group.chatId, text: 'x' })).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was kicked from the group chat',
    });
    expect((await updates(at))[0]).toHaveProperty('my_chat_member.new_chat_member.status', 'kicked');
  });

  it('becomes a supergroup under another id', async () => {
    const at = await stage();
    const group = at.telegram.group();
    const successor = group.upgrade();
    expect(await call(at, 'sendMessage', { chat_id: group.chatId, text: 'x' })).toMatchObject({
      status: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: successor.id },
    });
    expect(await call(at, 'sendMessage', { chat_id: successor.chatId, text: 'x' })).toMatchObject({
      ok: true,
      result: { chat: { type: 'supergroup' } },
    });
  });
});
