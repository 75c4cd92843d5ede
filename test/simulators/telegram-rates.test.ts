import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { createBotPace, createChatPace, judgePace, TELEGRAM_LIMITS } from '../../src/simulators/telegram/rates.ts';
import type { Limits } from '../../src/simulators/telegram/rates.ts';
import { call, stage } from './calling.ts';
import type { Stage, Told } from './calling.ts';

async function stageWithPeople(
  count: number,
  limits: Partial<Limits> = {},
): Promise<Stage & { people: Person[]; send: (person: number, args?: object) => Promise<Told> }> {
  const at = await stage({ limits });
  const people = Array.from({ length: count }, () => at.telegram.person());
  for (const person of people) person.becomeKnown();
  return { ...at, people, send: (person, args = {}) => call(at, 'sendMessage', { chat_id: people[person]?.chatId, text: 'x', ...args }) };
}

describe('the rate of one chat', () => {
  it('allows a short burst, then one a second', async () => {
    const { clock, people, send } = await stageWithPeople(2);
    const statuses: number[] = [];
    for (let message = 0; message < 4; message += 1) statuses.push((await send(0)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await send(1)).toMatchObject({ ok: true });
    for (let second = 0; second < 5; second += 1) {
      await clock.sleep(1_000);
      expect(await send(0)).toMatchObject({ ok: true });
    }
    expect(people[0]?.received).toHaveLength(8);
  });

  it('tells in three places how long to wait', async () => {
    const { send } = await stageWithPeople(1, { chatBurst: 1, retryAfter: 7 });
    await send(0);
    expect(await send(0)).toEqual({
      status: 429,
      retryAfter: '7',
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    });
  });

  it('makes who ignores a 429 wait longer and longer, and forgives who obeys', async () => {
    const { clock, send } = await stageWithPeople(1, { chatBurst: 1, retryAfter: 4, penaltyMost: 20 });
    await send(0);
    const waits: (number | undefined)[] = [(await send(0)).parameters?.['retry_after']];
    for (let round = 0; round < 4; round += 1) {
      await clock.sleep(1_000);
      waits.push((await send(0)).parameters?.['retry_after']);
    }
    expect(waits).toEqual([4, 8, 16, 20, 20]);
    await clock.sleep(20_000);
    expect(await send(0)).toMatchObject({ ok: true });
    expect((await send(0)).parameters?.['retry_after']).toBe(4);
  });

  it('does not punish calls that were on their way already', async () => {
    const { send } = await stageWithPeople(1, { chatBurst: 1 });
    const answers = await Promise.all([send(0), send(0), send(0), send(0)]);
    expect(answers.filter(({ status }) => status === 429).map(({ parameters }) => parameters?.['retry_after'])).toEqual([1, 1, 1]);
  });

  it('leaves a refused message out', async () => {
    const { people, send, telegram } = await stageWithPeople(1, { chatBurst: 1 });
    await send(0);
    await send(0);
    expect(people[0]?.received).toHaveLength(1);
    expect(telegram.counts()).toMatchObject({ calls: 2, messages: 1, answered429: 1, perChatMax: 1, doubled: 0 });
  });
});

describe('the rate of one bot', () => {
  it('allows 30 messages in any second', async () => {
    const { clock, send, telegram } = await stageWithPeople(40);
    for (let person = 0; person < 30; person += 1) {
      expect(await send(person)).toMatchObject({ ok: true });
      await clock.sleep(10);
    }
    expect(await send(30)).toMatchObject({ status: 429, retryAfter: '1' });
    expect(await send(31)).toMatchObject({ status: 429 });
    await clock.sleep(1_000);
    expect(await send(30)).toMatchObject({ ok: true });
    expect(telegram.counts()).toMatchObject({ messages: 31, perSecondMax: 30 });
  });

  it('counts paid broadcasts apart, where they are enabled', async () => {
    const { send, telegram } = await stageWithPeople(6, { freePerSecond: 2, paidPerSecond: 4 });
    const statuses: number[] = [];
    for (const [person, paid] of [false, false, true, true, true, true].entries()) {
      statuses.push((await send(person, { allow_paid_broadcast: paid })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect(telegram.messages.map(({ paid }) => paid)).toEqual([false, false, true, true, true, true]);
    expect((await send(0, { allow_paid_broadcast: true })).status).toBe(429);
  });

  it('takes a paid broadcast as a free one when it is not enabled', async () => {
    const bots = [
      { token: '7000000001:SIMULATED-no-secret-at-all-0123456789', username: 'poor_bot', firstName: 'Poor', paidBroadcast: false },
    ];
    const at = await stage({ bots, limits: { freePerSecond: 1 } });
    const people = [at.telegram.person(), at.telegram.person()];
    for (const person of people) person.becomeKnown();
    const statuses: number[] = [];
    for (const { chatId } of people)
      statuses.push((await call(at, 'sendMessage', { chat_id: chatId, text: 'x', allow_paid_broadcast: true })).status);
    expect(statuses).toEqual([200, 429]);
  });

  it('can be switched off', async () => {
    const { send, telegram } = await stageWithPeople(1);
    telegram.setLimits({ freePerSecond: 0, chatPerSecond: 0 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(0)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('the rate of a group', () => {
  it('allows 20 messages a minute', async () => {
    const at = await stage();
    const group = at.telegram.group();
    const send = (): Promise<Told> => call(at, 'sendMessage', { chat_id: group.chatId, text: 'x' });
    for (let message = 0; message < 20; message += 1) {
      expect(await send()).toMatchObject({ ok: true });
      await at.clock.sleep(1_000);
    }
    expect(await send()).toMatchObject({ status: 429, retryAfter: '40' });
    await at.clock.sleep(40_000);
    expect(await send()).toMatchObject({ ok: true });
  });
});

describe('the pace', () => {
  it('never lets more through in any second than its limit, and everything of who keeps to it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 }),
        (freePerSecond, pauses) => {
          const limits = { ...TELEGRAM_LIMITS, freePerSecond, chatPerSecond: 0 };
          const bot = createBotPace();
          const passed: number[] = [];
          let now = 0;
          let refusedUntil = 0;
          for (const pause of pauses) {
            now += pause;
            const obeys = now >= refusedUntil;
            const inLastSecond = passed.filter((moment) => moment > now - 1_000).length;
            const wait = judgePace({ bot, chat: createChatPace() }, { limits, now, paid: false, group: false });
            if (wait === 0) passed.push(now);
            else refusedUntil = Math.max(refusedUntil, now + wait * 1_000);
            expect(wait === 0).toBe(obeys && inLastSecond < freePerSecond);
          }
        },
      ),
    );
  });
});
