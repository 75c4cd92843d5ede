import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/simulators/faults.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { call, exchange, stage } from './calling.ts';
import type { RawAnswer, Stage } from './calling.ts';

async function stageWithFault(rule: FaultRule): Promise<Stage & { person: Person; send: (signal?: AbortSignal) => Promise<RawAnswer> }> {
  const at = await stage({ limits: { chatPerSecond: 0 } });
  const person = at.telegram.person();
  person.becomeKnown();
  at.telegram.faults.add(rule);
  return { ...at, person, send: (signal) => exchange(at, 'sendMessage', { chat_id: person.chatId, text: 'once' }, signal) };
}

describe('a fault', () => {
  it.each<[FaultRule, Partial<RawAnswer>, { delivered: number; answered: boolean; status: number | null }]>([
    [{ kind: 'closeBeforeProcessing' }, { status: null, ending: 'ECONNRESET' }, { delivered: 0, answered: false, status: null }],
    [
      { kind: 'closeBeforeProcessing', reset: true },
      { status: null, ending: 'ECONNRESET' },
      { delivered: 0, answered: false, status: null },
    ],
    [{ kind: 'closeAfterProcessing' }, { status: null, ending: 'ECONNRESET' }, { delivered: 1, answered: false, status: null }],
    [
      { kind: 'closeAfterProcessing', reset: true },
      { status: null, ending: 'ECONNRESET' },
      { delivered: 1, answered: false, status: null },
    ],
    [{ kind: 'halfAnswer' }, { status: 200, ending: 'ECONNRESET' }, { delivered: 1, answered: false, status: null }],
    [
      { kind: 'halfAnswer', bytes: 5 },
      { status: 200, body: '{"ok"', ending: 'ECONNRESET' },
      { delivered: 1, answered: false, status: null },
    ],
    [
      { kind: 'halfAnswer', bytes: 0 },
      { status: 200, body: '', ending: 'ECONNRESET' },
      { delivered: 1, answered: false, status: null },
    ],
    [{ kind: 'html502' }, { status: 502, ending: 'end' }, { delivered: 0, answered: true, status: 502 }],
    [
      { kind: 'html502', processed: true },
      { status: 502, ending: 'end' },
      { delivered: 1, answered: true, status: 502 },
    ],
    [{ kind: 'html504' }, { status: 504, ending: 'end' }, { delivered: 1, answered: true, status: 504 }],
    [{ kind: 'json500' }, { status: 500, ending: 'end' }, { delivered: 0, answered: true, status: 500 }],
    [
      { kind: 'json500', processed: true },
      { status: 500, ending: 'end' },
      { delivered: 1, answered: true, status: 500 },
    ],
    [{ kind: 'emptyBody' }, { status: 200, body: '', ending: 'end' }, { delivered: 1, answered: true, status: 200 }],
    [
      { kind: 'otherJson', processed: false },
      { status: 200, ending: 'end' },
      { delivered: 0, answered: true, status: 200 },
    ],
    [
      { kind: 'storm429', retryAfter: 9 },
      { status: 429, ending: 'end' },
      { delivered: 0, answered: true, status: 429 },
    ],
  ])('%j', async (rule, seen, { delivered, answered, status }) => {
    const { person, send, telegram, clock } = await stageWithFault(rule);
    expect(await send()).toMatchObject(seen);
    expect(person.received).toHaveLength(delivered);
    expect(telegram.calls[0]).toMatchObject({ received: true, processed: delivered === 1, answered, status, fault: rule.kind });
    expect(await send()).toMatchObject({ status: 200, ending: 'end' });
    expect(person.received).toHaveLength(delivered + 1);
    expect(clock.stalls).toBe(0);
  });

  it('answers HTML in the place of JSON, as a proxy does', async () => {
    const { send } = await stageWithFault({ kind: 'html502' });
    const answer = await send();
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.body).toMatch(/^<html>[^]*502 Bad Gateway/);
  });

  it('delays one call and no other', async () => {
    const { clock, person, send } = await stageWithFault({ kind: 'delay', ms: 12_000 });
    const slow = send().then(() => clock.monotonic());
    const quick = send().then(() => clock.monotonic());
    expect(await Promise.all([slow, quick])).toEqual([12_000, 0]);
    expect(person.received).toHaveLength(2);
  });

  it('lets the headers come late and in pieces', async () => {
    const { clock, send } = await stageWithFault({ kind: 'slowHeaders', ms: 4_000 });
    const answer = await send();
    expect(answer).toMatchObject({ status: 200, ending: 'end' });
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true });
    expect(clock.monotonic()).toBe(8_000);
  });

  it('hangs until the client gives up', async () => {
    const { clock, person, send, telegram } = await stageWithFault({ kind: 'hang' });
    const impatience = new AbortController();
    void clock.sleep(30_000).then(() => impatience.abort());
    expect(await send(impatience.signal)).toMatchObject({ status: null });
    expect(clock.monotonic()).toBe(30_000);
    expect(person.received).toEqual([]);
    expect(telegram.calls[0]).toMatchObject({ received: true, processed: false, answered: false });
  });

  it('refuses connections for a while, then listens at the same address again', async () => {
    const { clock, person, send, telegram } = await stageWithFault({ kind: 'refuse', ms: 60_000 });
    expect(await send()).toMatchObject({ status: null, ending: 'ECONNRESET' });
    expect(await send()).toMatchObject({ status: null, ending: 'ECONNREFUSED' });
    await clock.sleep(59_000);
    expect(await send()).toMatchObject({ ending: 'ECONNREFUSED' });
    await clock.sleep(2_000);
    expect(await send()).toMatchObject({ status: 200 });
    expect(person.received).toHaveLength(1);
    expect(telegram.calls).toHaveLength(2);
  });

  it('refuses until it is told to accept, and breaks off what is open', async () => {
    const at = await stage();
    const poll = exchange(at, 'getUpdates', { timeout: 50 });
    await at.clock.sleep(1_000);
    await at.telegram.refuse();
    expect(await poll).toMatchObject({ ending: 'ECONNRESET' });
    expect(await exchange(at, 'getMe')).toMatchObject({ ending: 'ECONNREFUSED' });
    await at.telegram.accept();
    expect(await exchange(at, 'getMe')).toMatchObject({ status: 200 });
  });

  it('that begins as another ends lasts its own time', async () => {
    const at = await stage();
    await at.telegram.refuse(1_000);
    await at.clock.sleep(1_000);
    await at.telegram.refuse(60_000);
    expect(await exchange(at, 'getMe')).toMatchObject({ ending: 'ECONNREFUSED' });
    await at.clock.sleep(61_000);
    expect(await exchange(at, 'getMe')).toMatchObject({ status: 200 });
  });

  it('of two outages at once ends with the longer one', async () => {
    const at = await stage();
    await at.telegram.refuse(60_000);
    await at.telegram.refuse(1_000);
    await at.clock.sleep(30_000);
    expect(await exchange(at, 'getMe')).toMatchObject({ ending: 'ECONNREFUSED' });
    await at.clock.sleep(31_000);
    expect(await exchange(at, 'getMe')).toMatchObject({ status: 200 });
  });
});

describe('a rule', () => {
  it('hits as often as it says, the first that fits first', async () => {
    const at = await stage();
    at.telegram.faults.add({ kind: 'json500', times: 2 });
    at.telegram.faults.add({ kind: 'html502' });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await exchange(at, 'getMe')).status ?? 0);
    expect(statuses).toEqual([500, 500, 502, 200]);
  });

  it('lets so many pass first', async () => {
    const at = await stage();
    at.telegram.faults.add({ kind: 'json500', skip: 2 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await exchange(at, 'getMe')).status ?? 0);
    expect(statuses).toEqual([200, 200, 500, 200]);
  });

  it('holds for one method, one chat or whatever a function says', async () => {
    const at = await stage();
    const people = [at.telegram.person(), at.telegram.person()];
    for (const person of people) person.becomeKnown();
    const send = async (person: number, text: string): Promise<number> =>
      (await call(at, 'sendMessage', { chat_id: people[person]?.chatId, text })).status;
    at.telegram.faults.add({ kind: 'storm429', retryAfter: 1, method: 'sendmessage', chatId: people[1]?.chatId ?? '' });
    at.telegram.faults.add({ kind: 'json500', times: Infinity, when: ({ arguments: { text } }) => text === 'poison' });
    expect([await send(0, 'x'), await send(1, 'x'), await send(1, 'x'), await send(0, 'poison'), await send(1, 'poison')]).toEqual([
      200, 429, 200, 500, 500,
    ]);
    expect(await call(at, 'getMe')).toMatchObject({ ok: true });
  });

  it('stands until it is cleared or taken back', async () => {
    const at = await stage();
    at.telegram.faults.add({ kind: 'json500', times: Infinity });
    const takeBack = at.telegram.faults.add({ kind: 'html504', times: Infinity });
    expect(at.telegram.faults.count).toBe(2);
    takeBack();
    for (let turn = 0; turn < 3; turn += 1) expect((await exchange(at, 'getMe')).status).toBe(500);
    at.telegram.faults.clear();
    expect((await exchange(at, 'getMe')).status).toBe(200);
  });
});
