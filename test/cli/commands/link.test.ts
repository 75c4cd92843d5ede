import { describe, expect, it } from 'vitest';

import { link } from '../../../src/cli/commands/link.ts';
import { readPayload, verifyPayload } from '../../../src/core/start-payload.ts';
import type { KnownCustomer, Subscription } from '../../../src/core/subscriber.ts';
import type { IdentityAnswer } from '../../../src/ports/channel.ts';
import { BOT, CUSTOMER_ID, customerStory, fakeDoors, knownCustomer, NOW, OPERATION_ID, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const SUBSCRIPTION: Subscription = { customerId: CUSTOMER_ID, chatId: '500', state: 'active', origin: 'link', epoch: 3 };
const deskOf = (customer: KnownCustomer) => ({ findCustomers: async () => [customer], readStory: async () => customerStory({ customer }) });
const ask = (wish: FakeWish, args: readonly string[] = [CUSTOMER_ID], language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: link, args });

const keysOf = () => fakeDoors().call().doors.openKeyring('key.json');

describe('link', () => {
  it('prints a personal link that verifies, and for whom it is', async () => {
    const { text, code } = await ask({ desk: deskOf(knownCustomer()) }).result;
    expect(code).toBe(0);
    expect(text).toContain(`Ссылка клиента Анна Иванова (группа Гости, код ${CUSTOMER_ID}) на @penka_bot:`);
    const [, payload = ''] = /https:\/\/t\.me\/penka_bot\?start=(\S+)/u.exec(text) ?? [];
    const read = readPayload(payload);
    expect(read.kind === 'signed' && verifyPayload(read, { keys: keysOf(), botId: BOT, epoch: 0 })).toEqual({
      ok: true,
      customerId: CUSTOMER_ID,
    });
  });

  it('carries the epoch of a customer who has moved, and warns that they are subscribed', async () => {
    const { text, code, json } = await ask({ desk: deskOf(knownCustomer({ subscription: SUBSCRIPTION })) }, [CUSTOMER_ID], 'en').result;
    expect(code).toBe(0);
    expect(text).toContain('This customer is subscribed already (chat 500).');
    const [, payload = ''] = /start=(\S+)/u.exec(text) ?? [];
    const read = readPayload(payload);
    expect(read.kind === 'signed' && verifyPayload(read, { keys: keysOf(), botId: BOT, epoch: 3 }).ok).toBe(true);
    expect(json).toMatchObject({
      links: [
        {
          bot: BOT,
          username: 'penka_bot',
          customer: { live: true, subscription: SUBSCRIPTION },
          findings: [{ code: 'already_subscribed' }],
        },
      ],
    });
  });

  it('doesn’t warn of a subscription that has ended', async () => {
    const { json } = await ask({ desk: deskOf(knownCustomer({ subscription: { ...SUBSCRIPTION, state: 'stopped' } })) }).result;
    expect(json).toMatchObject({ links: [{ findings: [] }] });
  });

  it('answers no for a customer whose link the bot would refuse', async () => {
    const { text, code } = await ask({ desk: deskOf(knownCustomer({ live: false })) }).result;
    expect(code).toBe(9);
    expect(text).toContain('бот такую ссылку не примет');
  });

  it('finds a customer by phone, and lists several instead of choosing', async () => {
    const found = ask({ desk: deskOf(knownCustomer()) }, ['8 (921) 123-45-67']);
    expect((await found.result).code).toBe(0);
    expect(found.did).toContain('findCustomers({"phone":"89211234567"}, 50)');
    const several = ask({ desk: { findCustomers: async () => [knownCustomer(), knownCustomer({ id: OPERATION_ID, name: 'Пётр' })] } }, [
      '89211234567',
    ]);
    const { text, code } = await several.result;
    expect(code).toBe(9);
    expect(text).toContain('Выберите по коду');
    expect(text).not.toContain('t.me');
    expect(several.did).not.toContain('identify()');
  });

  it('makes no link with a key that the ledger doesn’t know', async () => {
    const { result, did } = ask({ desk: deskOf(knownCustomer()), keyring: { fingerprint: 'stray' } });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: 'key_differs', args: { expected: 'key-1' } }] });
    expect(did).not.toContain('identify()');
  });

  it.each<[string, IdentityAnswer, number, object]>([
    [
      'is out of reach',
      { answer: 'unreachable', detail: 'ECONNREFUSED' },
      8,
      { code: 'telegram_unreachable', args: { detail: ' (ECONNREFUSED)' } },
    ],
    ['answers nonsense', { answer: 'unreadable', detail: '' }, 8, { code: 'telegram_unreachable', args: { detail: '' } }],
    [
      'refuses the token',
      { answer: 'unusable', why: 'unauthorized', detail: 'Unauthorized' },
      5,
      { code: 'telegram_unusable', args: { detail: ' (Unauthorized)' } },
    ],
    ['asks to wait', { answer: 'limited', until: NOW + 4500 }, 8, { code: 'telegram_limited', args: { seconds: 5 } }],
    ['says that somebody else reads', { answer: 'conflict', why: 'second_reader', detail: '' }, 5, { code: 'second_reader' }],
  ])('tells when Telegram %s, and lets go of the channel', async (_what, answer, code, finding) => {
    const { result, did } = ask({ desk: deskOf(knownCustomer()), channel: { identify: async () => answer } });
    await expect(result).rejects.toMatchObject({ code, findings: [finding] });
    expect(did.filter((call) => call === 'close()')).toHaveLength(2);
  });

  it('says that nobody has the key it was given', async () => {
    await expect(ask({}).result).rejects.toMatchObject({ code: 9, findings: [{ code: 'customer_unknown' }] });
    await expect(ask({}, ['Анна']).result).rejects.toMatchObject({ code: 2, findings: [{ code: 'bad_key' }] });
  });
});
