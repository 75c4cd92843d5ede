import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubscriptionOrigin, SubscriptionState } from '../../src/core/glossary.ts';
import { judgeNotes, readNote } from '../../src/core/note.ts';
import type { ChangedNote } from '../../src/core/note.ts';
import type { Subscription } from '../../src/core/subscriber.ts';

const ANNA = '00000000-0000-4000-8000-00000000000a';

function held(rest: Partial<Subscription>): Subscription {
  return { customerId: ANNA, chatId: '500', state: 'active', origin: 'link', epoch: 3, ...rest };
}

/** What one note leads to: state, origin, chat and epoch where it changes something, else the finding or nothing. */
function judge(
  text: string | null,
  subscription: Subscription | null,
  trustNotes = true,
): { readonly changes: Subscription | null; readonly finding: string | null } {
  const { notes, findings } = judgeNotes({
    changed: [{ customerId: ANNA, text, noted: subscription?.chatId ?? null, subscription }],
    trustNotes,
  });
  expect(notes).toMatchObject([{ customerId: ANNA, noted: text }]);
  return { changes: notes[0]?.subscription ?? null, finding: findings[0]?.code ?? null };
}

describe('a note’s text', () => {
  it('is a chat id, spaces or not', () => {
    for (const text of ['123456789', ' 123456789 ', '123 456 789', '\u00a0123456789\r\n'])
      expect(readNote(text)).toEqual({ chatId: '123456789' });
    expect(readNote('7000000001')).toEqual({ chatId: '7000000001' });
    expect(readNote('4503599627370495')).toEqual({ chatId: '4503599627370495' });
  });

  it('with a minus sign is a group’s', () => {
    for (const text of ['-100123456', '- 5', '−5']) expect(readNote(text)).toEqual({ bad: 'group' });
  });

  it('is refused when it is anything else', () => {
    for (const text of [
      '0',
      '007',
      'нет',
      '@anna',
      '+79001234567',
      '1.23456789E8',
      '123456789.5',
      '12345678901234567',
      '12-34',
      '１２３',
    ]) {
      expect(readNote(text)).toEqual({ bad: 'unreadable' });
    }
  });

  it('never leads to an exception, nor to a chat id that is no decimal number', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
      const read = readNote(text);
      if ('chatId' in read) expect(read.chatId).toMatch(/^[1-9][0-9]*$/);
    });
    fc.assert(property);
  });
});

describe('a filled note', () => {
  it('subscribes a customer who has no chat', () => {
    expect(judge('500', null).changes).toEqual(held({ origin: 'note', epoch: 0 }));
  });

  it('never replaces a chat that came by a link, but is told', () => {
    for (const origin of ['link', 'legacy'] as const) {
      for (const state of ['active', 'suspended'] as const) {
        expect(judge('600', held({ origin, state }))).toEqual({ changes: null, finding: 'note_differs' });
        expect(judge('500', held({ origin, state }))).toEqual({ changes: null, finding: null });
      }
    }
  });

  it('replaces another note, which uses up the links of before', () => {
    expect(judge('600', held({ origin: 'note' })).changes).toEqual(held({ origin: 'note', chatId: '600', epoch: 4 }));
    expect(judge('500', held({ origin: 'note' }))).toEqual({ changes: null, finding: null });
    expect(judge('500', held({ origin: 'note', state: 'suspended' }))).toEqual({ changes: null, finding: null });
  });

  it('undoes its own clearing', () => {
    expect(judge('500', held({ state: 'cleared' })).changes).toEqual(held({ origin: 'note' }));
    expect(judge('600', held({ state: 'cleared' })).changes).toEqual(held({ origin: 'note', chatId: '600', epoch: 4 }));
  });

  it('never brings back a guest who said /stop', () => {
    for (const origin of ['link', 'legacy', 'note'] as const) {
      expect(judge('500', held({ origin, state: 'stopped' }))).toEqual({ changes: null, finding: null });
      expect(judge('600', held({ origin, state: 'stopped' }))).toEqual({ changes: null, finding: 'note_stopped' });
    }
  });
});

describe('a cleared note', () => {
  it('ends the subscription', () => {
    for (const text of [null, '', '  ']) expect(judge(text, held({})).changes).toEqual(held({ state: 'cleared' }));
    expect(judge(null, held({ state: 'suspended' })).changes).toEqual(held({ state: 'cleared' }));
  });

  it('leaves a /stop a /stop', () => {
    expect(judge(null, held({ state: 'stopped' }))).toEqual({ changes: null, finding: null });
    expect(judge(null, null)).toEqual({ changes: null, finding: null });
  });
});

describe('a cleared note that named another chat', () => {
  it('leaves the chat that has subscribed by its own link since', () => {
    const judged = judgeNotes({ changed: [{ customerId: ANNA, text: null, noted: '999', subscription: held({}) }], trustNotes: true });
    expect(judged.notes).toEqual([{ customerId: ANNA, noted: null, subscription: null }]);
  });
});

describe('a bad note', () => {
  it('is a finding on its customer', () => {
    const judged = judgeNotes({ changed: [{ customerId: ANNA, text: 'нет', noted: null, subscription: null }], trustNotes: true });
    expect(judged).toEqual({
      notes: [{ customerId: ANNA, noted: 'нет', subscription: null }],
      findings: [{ code: 'note_unreadable', args: { customer: ANNA } }],
      counts: { byNote: 0, cleared: 0, unused: 1 },
    });
    expect(judge('-100', null)).toEqual({ changes: null, finding: 'note_group' });
  });

  it('ends what rested on the note alone', () => {
    expect(judge('нет', held({ origin: 'note' }))).toEqual({
      changes: held({ origin: 'note', state: 'cleared' }),
      finding: 'note_unreadable',
    });
    expect(judge('нет', held({})).changes).toBeNull();
  });
});

const states = fc.constantFrom<SubscriptionState>('active', 'suspended', 'stopped', 'cleared');
const origins = fc.constantFrom<SubscriptionOrigin>('link', 'legacy', 'note');
const note = fc.record<ChangedNote>({
  customerId: fc.constant(ANNA),
  text: fc.oneof(fc.constantFrom('500', '600', '-1', '', 'x', null), fc.string()),
  noted: fc.constant(null),
  subscription: fc.option(
    fc.record({
      customerId: fc.constant(ANNA),
      chatId: fc.constantFrom('500', '600'),
      state: states,
      origin: origins,
      epoch: fc.nat({ max: 5 }),
    }),
  ),
});

describe('any note', () => {
  it('changes nothing where notes aren’t trusted', () => {
    fc.assert(
      fc.property(note, (one) => {
        expect(judge(one.text, one.subscription, false)).toEqual({ changes: null, finding: null });
      }),
    );
  });

  it('judged again changes nothing more, and never lowers an epoch', () => {
    const property = fc.property(note, (one) => {
      const { changes } = judge(one.text, one.subscription);
      if (changes === null) return;
      expect(changes.epoch).toBe(
        (one.subscription?.epoch ?? 0) + (one.subscription !== null && one.subscription.chatId !== changes.chatId ? 1 : 0),
      );
      expect(judge(one.text, changes).changes).toBeNull();
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
