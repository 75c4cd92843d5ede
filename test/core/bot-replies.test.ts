import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeReply } from '../../src/core/bot-replies.ts';
import type { ReplyContext, ShownAccount } from '../../src/core/bot-replies.ts';
import { BOT_COMMANDS, BOT_TEXTS } from '../../src/core/bot-texts.ts';
import { LANGUAGES } from '../../src/core/glossary.ts';
import type { GuestReply } from '../../src/core/guest-reply.ts';
import { checkHtml, LONGEST_MESSAGE, visibleLength, visibleText } from '../../src/core/html.ts';
import { LINK_REFUSALS } from '../../src/core/link.ts';
import type { Operation } from '../../src/core/operation.ts';

const ANNA = '00000000-0000-4000-8000-00000000000a';
const BORIS = '00000000-0000-4000-8000-00000000000b';
const DEPOSIT = '00000000-0000-4000-8000-0000000000d1';
const POINTS = '00000000-0000-4000-8000-0000000000d2';

function account(customerId: string, accountType: string, balance: bigint | null, accountTypeId = DEPOSIT): ShownAccount {
  return { customerId, accountTypeId, accountType, balance };
}
function operation(customerId: string, sum: bigint, accountType = 'Депозит'): Operation {
  return {
    id: '1',
    customerId,
    accountTypeId: DEPOSIT,
    accountType,
    date: '2026-11-24 19:42:10.003',
    sum,
    document: null,
    description: 'вредный',
    division: null,
    returnOf: null,
    balanceAfter: null,
  };
}

const CONTEXT: ReplyContext = {
  language: 'ru',
  restaurant: { name: 'Кафе «Ёлка»', contact: '+7 812 000-00-00' },
  units: [
    {
      accountType: POINTS,
      text: { ru: '{count, plural, one {балл} few {балла} other {баллов}}', en: '{count, plural, one {point} other {points}}' },
      digits: 0,
    },
    { accountType: null, text: { ru: '₽', en: '₽' }, digits: 2 },
  ],
  customerIds: [ANNA],
  accounts: [account(ANNA, 'Депозит', 12_500_000n), account(ANNA, 'Бонусы', 3_220_000n, POINTS), account(BORIS, 'Секрет', 77_770_000n)],
  newest: [operation(ANNA, -3_500_000n), operation(BORIS, 11_110_000n)],
  wallNow: '2026-11-24 20:00:00.000',
};

/** What the guest sees. */
function read(reply: GuestReply, context: Partial<ReplyContext> = {}): string | null {
  const html = composeReply(reply, { ...CONTEXT, ...context });
  return html === null ? null : visibleText(html).replaceAll('\u00a0', ' ');
}

describe('a welcome', () => {
  it('shows the restaurant, the balances, the last operation, and how to stop', () => {
    expect(read({ kind: 'welcome', chatId: '1', customerIds: [ANNA] })).toBe(
      [
        'Кафе «Ёлка»',
        'Здравствуйте! Теперь мы будем сообщать вам здесь об операциях по вашему счёту.',
        '',
        'Депозит: 1 250 ₽',
        'Бонусы: 322 балла',
        'Последняя операция: 24 ноября, 19:42, Депозит, −350 ₽',
        '',
        '/balance – остаток',
        '/stop – отключить уведомления',
        '/en – English',
      ].join('\n'),
    );
  });

  it('speaks English to whoever chose it', () => {
    const text = read({ kind: 'welcome', chatId: '1', customerIds: [ANNA] }, { language: 'en' });
    expect(text).toContain('Welcome!');
    expect(text).toContain('Бонусы: 322 points');
    expect(text).toContain('Last operation: 24 November, 19:42, Депозит, −350 ₽');
    expect(text).toContain('/ru – русский');
  });

  it('shows nothing of a customer whom the chat does not hold by now', () => {
    expect(read({ kind: 'welcome', chatId: '1', customerIds: [BORIS] })).toBeNull();
    expect(read({ kind: 'balance', chatId: '1', customerIds: [ANNA, BORIS] })).not.toContain('Секрет');
  });
});

describe('a balance', () => {
  it('parts the customers of a chat without telling staff’s names for them', () => {
    const text = read({ kind: 'balance', chatId: '1', customerIds: [ANNA, BORIS] }, { customerIds: [ANNA, BORIS] });
    expect(text).toContain('Участник 1\nДепозит: 1 250 ₽');
    expect(text).toContain('\n\nУчастник 2\nСекрет: 7 777 ₽');
    expect(text).not.toContain('вредный');
  });

  it('is honest where there is none to show', () => {
    expect(read({ kind: 'balance', chatId: '1', customerIds: [ANNA] }, { accounts: [account(ANNA, 'Депозит', null)], newest: [] })).toBe(
      'Кафе «Ёлка»\nДепозит: сейчас не можем показать, загляните позже',
    );
    expect(read({ kind: 'balance', chatId: '1', customerIds: [ANNA] }, { accounts: [], newest: [] })).toBe(
      'Кафе «Ёлка»\nОпераций по счёту пока не было.',
    );
  });

  it('of many customers ends with a word instead of beyond the limit', () => {
    const customerIds = Array.from({ length: 300 }, (_, index) => `customer ${index}`);
    const accounts = customerIds.flatMap((id) => Array.from({ length: 20 }, () => account(id, 'Ж'.repeat(4000), 10n ** 30n)));
    const html = composeReply({ kind: 'welcome', chatId: '1', customerIds }, { ...CONTEXT, customerIds, accounts }) ?? '';
    expect(visibleLength(html)).toBeLessThan(LONGEST_MESSAGE);
    expect(visibleText(html)).toContain('…и другие счета.');
  });
});

describe('a refusal', () => {
  it('says whom to ask, and does not tell whether the customer exists', () => {
    const texts = new Map(LINK_REFUSALS.map((reason) => [reason, read({ kind: 'refused', chatId: '1', reason })]));
    const general = texts.get('forged');
    expect(general).toBe('К сожалению, эта ссылка не подошла. За новой обращайтесь: +7 812 000-00-00');
    for (const reason of ['malformed', 'deleted', 'unknown_customer', 'old_key', 'legacy_off', 'legacy_taken'] as const)
      expect(texts.get(reason)).toBe(general);
    expect(texts.get('old_epoch')).toContain('уже воспользовались');
    expect(texts.get('group_chat')).toContain('в личном чате');
  });

  it('does without a contact that isn’t set', () => {
    expect(read({ kind: 'refused', chatId: '1', reason: 'forged' }, { restaurant: { name: '', contact: ' ' } })).toContain(
      'Попросите, пожалуйста, новую в ресторане.',
    );
  });
});

describe('the other replies', () => {
  it('tell a former chat where to turn', () => {
    expect(read({ kind: 'moved_away', chatId: '1', customerIds: [ANNA] })).toMatch(/другой чат[\s\S]*\+7 812 000-00-00$/u);
  });

  it('tell how to come back after /stop, and how to join', () => {
    expect(read({ kind: 'stopped', chatId: '1' })).toContain('/start');
    expect(read({ kind: 'help', chatId: '1', subscribed: false })).toContain('персональную ссылку');
    expect(read({ kind: 'help', chatId: '1', subscribed: true })).toContain('/balance');
    expect(read({ kind: 'language', chatId: '1' }, { language: 'en' })).toBe('Fine, we will write in English.');
  });

  it('have the same words in both languages, and a menu that Telegram takes', () => {
    expect(Object.keys(BOT_TEXTS.ru)).toEqual(Object.keys(BOT_TEXTS.en));
    for (const language of LANGUAGES) {
      for (const { command, description } of BOT_COMMANDS[language]) {
        expect(command).toMatch(/^[a-z]{1,32}$/);
        expect(description.length).toBeLessThanOrEqual(256);
      }
    }
  });
});

const reply: fc.Arbitrary<GuestReply> = fc.oneof(
  fc
    .constantFrom('welcome' as const, 'already' as const, 'balance' as const, 'moved_away' as const)
    .map((kind) => ({ kind, chatId: '1', customerIds: [ANNA] })),
  fc.constantFrom('stopped' as const, 'language' as const).map((kind) => ({ kind, chatId: '1' })),
  fc.boolean().map((subscribed) => ({ kind: 'help' as const, chatId: '1', subscribed })),
  fc.constantFrom(...LINK_REFUSALS).map((reason) => ({ kind: 'refused' as const, chatId: '1', reason })),
);
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('<b>', '&', '</b><a href="x">', 'Ж'.repeat(5000), '\u0000\u0019\u0002\u0000да', '\u202e'),
);

describe('any reply', () => {
  it('is HTML that Telegram takes, within its limit, whatever the names are', () => {
    const property = fc.property(
      reply,
      odd,
      odd,
      odd,
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.constantFrom(...LANGUAGES),
      (one, name, contact, type, money, language) => {
        const html =
          composeReply(one, {
            ...CONTEXT,
            language,
            restaurant: { name, contact },
            accounts: [account(ANNA, type, money)],
            newest: [operation(ANNA, money, type)],
          }) ?? '';
        expect(checkHtml(html)).toBeNull();
        expect(html.replaceAll(/&(?:lt|gt|amp|quot);/gu, '')).not.toMatch(/&/u);
        expect(visibleLength(html)).toBeGreaterThan(0);
        expect(visibleLength(html)).toBeLessThanOrEqual(LONGEST_MESSAGE);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
