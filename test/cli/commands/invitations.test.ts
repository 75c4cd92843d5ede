import { describe, expect, it } from 'vitest';

import { explain } from '../../../src/cli/commands/explain.ts';
import { invitations } from '../../../src/cli/commands/invitations.ts';
import { status } from '../../../src/cli/commands/status.ts';
import { BOT, CUSTOMER_ID, customerStory, invitationStory, knownCustomer, NOW, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const ask = (wish: FakeWish, flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: invitations, flags });
const listed = (wish: Parameters<typeof invitationStory>[0] = {}): FakeWish => ({
  desk: { listInvitations: async () => [invitationStory(wish)], findCustomers: async () => [knownCustomer()] },
});

describe('invitations', () => {
  it('tells whom the operator took, what it cost and what became of it, name and number masked', async () => {
    const { text, code, json } = await ask(listed()).result;
    expect(code).toBe(0);
    expect(text).toContain('7. А••• И••• 7••••••••67: принято оператором, 24.11.2026 11:59:00');
    expect(text).toContain('SMS.RU, 2 сегмента, 5,20\u00a0₽, номер у оператора 202616-1000005, доставлено (103)');
    for (const secret of ['Анна', '79161234567']) expect(`${text}${JSON.stringify(json)}`).not.toContain(secret);
    expect(json).toMatchObject({ invitations: [{ bot: BOT, state: 'accepted', number: '7••••••••67', guest: 'А••• И•••' }] });
  });

  it('tells why others were not invited, and until when an invitation waits, in English too', async () => {
    const skipped = { state: 'skipped', reason: 'no_phone', number: null, gateway: null, sentAt: null } as const;
    expect((await ask(listed(skipped), {}, 'en').result).text).toContain('–: not invited: no phone, 2026-11-24 11:58:00');
    const held = { state: 'planned', sentAt: null, notBefore: NOW + 3_600_000 } as const;
    expect((await ask(listed(held), {}, 'en').result).text).toContain('waiting, 2026-11-24 11:58:00, not before 2026-11-24 13:00:00');
    expect((await ask({}, {}, 'en').result).text).toBe('There are no such invitations.');
  });

  it('asks the ledger for what was wished', async () => {
    const { result, did } = ask(listed(), { state: 'refused', reason: 'stop_list', customer: '+7 916 123-45-67', limit: '3' });
    await result;
    expect(did).toContain(
      `listInvitations({"botId":"${BOT}","states":["refused"],"reason":"stop_list","customers":["${CUSTOMER_ID}"],"limit":3})`,
    );
  });

  it('refuses a reason that no invitation has, and a customer that nobody is', async () => {
    await expect(ask(listed(), { reason: 'nonsense' }).result).rejects.toMatchObject({ code: 2, findings: [{ code: 'reason_unknown' }] });
    await expect(ask({}, { customer: CUSTOMER_ID }).result).rejects.toMatchObject({ code: 9, findings: [{ code: 'customer_unknown' }] });
  });
});

describe('other commands', () => {
  it('tell a customer’s invitations in their story', async () => {
    const wish: FakeWish = {
      desk: {
        findCustomers: async () => [knownCustomer()],
        readStory: async () => customerStory(),
        listInvitations: async () => [invitationStory({ state: 'in_doubt', reason: 'timeout' })],
      },
    };
    const { text, json } = await runIn('ru', wish, { command: explain, args: [CUSTOMER_ID] }).result;
    expect(text).toContain('Приглашения по СМС, сначала новые:');
    expect(text).toContain('7. 79161234567: под вопросом: оператор не ответил вовремя, 24.11.2026 11:59:00');
    expect(json).toMatchObject({ stories: [{ invitations: [{ row: 7 }] }] });
  });

  it('tell in the status what is spent of the caps and what waits, where somebody is invited', async () => {
    const desk: FakeWish['desk'] = { readSpent: async () => ({ day: 12, month: 345, waiting: 3, waitingSegments: 6 }) };
    const sms = 'sms: {operator: smsru, apiKey: some-key}\nrestaurant: {name: Пенка}\n';
    const { text, json } = await runIn('ru', { desk, settings: sms }, { command: status }).result;
    expect(text).toContain('СМС: сегодня потрачено сегментов 12 из 200, за месяц 345 из 3');
    expect(text).toContain('приглашений ждёт отправки: 3 (сегментов: 6)');
    expect(json).toMatchObject({ bots: [{ invitations: { day: 12, caps: { day: 200 } } }] });
    const { text: none } = await runIn('ru', { desk }, { command: status }).result;
    expect(none).not.toContain('СМС');
  });

  it('say in the status that SMS in doubt wait for a person', async () => {
    const desk: FakeWish['desk'] = { listInvitations: async () => [invitationStory({ state: 'in_doubt' })] };
    const { text, code, json } = await runIn('ru', { desk }, { command: status }).result;
    expect(text).toContain('Под вопросом СМС: 1; они считаются отправленными. Какие: tp-tg-notify resolve');
    expect(code).toBe(9);
    expect(json).toMatchObject({ bots: [{ findings: expect.arrayContaining([{ code: 'sms_in_doubt_waiting', args: { n: 1 } }]) }] });
  });
});
