import { describe, expect, it } from 'vitest';
import type { Subscription } from '../../src/core/subscriber.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Engine } from './engine.ts';
import { BOT, advance, claimOne, DAY, finished, heldLedger, makeSite, MINUTE, openLedger, planOne, refusal, startRun } from './fixtures.ts';

const NOTE = 'chat_ID in Telegram';

function held(customerId: string, chatId: string, change: Partial<Subscription> = {}): Subscription {
  return { customerId, chatId, state: 'active', origin: 'link', epoch: 0, ...change };
}

/** As a page of updates that brings these subscriptions. */
async function subscribe(ledger: Ledger, ...subscriptions: readonly Subscription[]): Promise<void> {
  await ledger.saveUpdates({ offset: 1, subscriptions, chats: [], refused: [] });
}

export function describeNotes(engine: Engine): void {
  describe('changed notes', () => {
    it.each([
      ['text', '9001', '9001'],
      ['text with blanks round it', ' 9001 ', ' 9001 '],
      ['a whole number', 9_001, '9001'],
      ['a number with a fraction', 9_000.6, '9001'],
      ['a number too large for an integer', 9.1e12, '9100000000000'],
      ['a bad text', '@ivanov', '@ivanov'],
    ])('come as text, whatever holds them: %s', async (_what, value, text) => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      await site.addNote({ type: await site.addNoteType(NOTE), customer, value });
      const ledger = await heldLedger(site);
      expect(await ledger.readNotes(NOTE, 10)).toEqual([{ customerId: customer, text, noted: null, subscription: null }]);
    });

    it.each([
      ['nothing', null],
      ['an empty text', ''],
      ['blanks', ' \t\n'],
    ])('say nothing where they hold %s', async (_what, value) => {
      const site = await makeSite(engine);
      await site.addNote({ type: await site.addNoteType(NOTE), customer: await site.addCustomer(), value });
      expect(await (await heldLedger(site)).readNotes(NOTE, 10)).toEqual([]);
    });

    it('are the newest of the customer, dated ones before undated', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: '2', at: site.wall(-MINUTE) });
      await site.addNote({ type, customer, value: '1', at: site.wall(-DAY) });
      await site.addNote({ type, customer, value: '3', at: null });
      expect(await (await heldLedger(site)).readNotes(NOTE, 10)).toMatchObject([{ text: '2' }]);
    });

    it('are those of this name’s types that aren’t in the bin, of live customers', async () => {
      const site = await makeSite(engine);
      const [first, second, bin, other] = [
        await site.addNoteType(NOTE),
        await site.addNoteType(NOTE),
        await site.addNoteType(NOTE, { deleted: true }),
        await site.addNoteType('Table'),
      ];
      const customers = [
        await site.addCustomer(),
        await site.addCustomer(),
        await site.addCustomer(),
        await site.addCustomer(),
        await site.addCustomer({ deleted: true }),
      ];
      for (const [index, type] of [first, second, bin, other, first].entries())
        await site.addNote({ type, customer: customers[index] ?? '', value: '7' });
      const changed = await (await heldLedger(site)).readNotes(NOTE, 10);
      expect(changed.map((note) => note.customerId)).toEqual(customers.slice(0, 2));
    });

    it('are told once, until they say something else', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: '7' });
      const ledger = await heldLedger(site);
      expect(await ledger.saveNotes([{ customerId: customer, noted: '7', subscription: null }])).toBe('saved');
      expect(await ledger.readNotes(NOTE, 10)).toEqual([]);
      await site.addNote({ type, customer, value: '8', at: site.wall(MINUTE) });
      expect(await ledger.readNotes(NOTE, 10)).toMatchObject([{ text: '8', noted: '7' }]);
    });

    it('are told whatever number a note holds: too large a one is its customer’s own trouble', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType('chat');
      const [one, two] = [await site.addCustomer(), await site.addCustomer()];
      await site.addNote({ type, customer: one, value: 1e300 });
      await site.addNote({ type, customer: two, value: 5_000_000_000 });
      const ledger = await heldLedger(site);
      const texts = new Map((await ledger.readNotes('chat', 10)).map(({ customerId, text }) => [customerId, text]));
      expect(texts.get(two)).toBe('5000000000');
      expect(texts.get(one)).toMatch(/^1/u);
    });

    it('come also when a note is emptied or removed', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const [emptied, removed] = [await site.addCustomer(), await site.addCustomer()];
      const ledger = await heldLedger(site);
      for (const customerId of [emptied, removed]) {
        await site.addNote({ type, customer: customerId, value: '7' });
        await ledger.saveNotes([{ customerId, noted: '7', subscription: null }]);
      }
      await site.addNote({ type, customer: emptied, value: '', at: site.wall(MINUTE) });
      await site.removeNotes(removed);
      expect(await ledger.readNotes(NOTE, 10)).toEqual([
        { customerId: emptied, text: null, noted: '7', subscription: null },
        { customerId: removed, text: null, noted: '7', subscription: null },
      ]);
    });

    it('come with the customer’s subscription, and no more of them than asked for', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const ledger = await heldLedger(site);
      for (let count = 0; count < 3; count += 1) {
        const customer = await site.addCustomer();
        await site.subscribe(BOT, { customerId: customer, chatId: '9', state: 'stopped', epoch: 4 });
        await site.addNote({ type, customer, value: '7' });
      }
      const changed = await ledger.readNotes(NOTE, 2);
      expect(changed).toHaveLength(2);
      expect(changed[0]?.subscription).toEqual(held(changed[0]?.customerId ?? '', '9', { state: 'stopped', epoch: 4 }));
    });

    it('make a subscription when they are judged to', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await ledger.saveNotes([{ customerId: customer, noted: '9001', subscription: held(customer, '9001', { origin: 'note' }) }]);
      expect(await site.subscriptions()).toEqual([held(customer, '9001', { origin: 'note' })]);
      expect(await site.mirror(customer)).toEqual({ noted: '9001', wanted: '9001', pending: false, failures: 0 });
    });

    it('are none where there is no such type', async () => {
      expect(await (await heldLedger(await makeSite(engine))).readNotes(NOTE, 10)).toEqual([]);
    });
  });

  describe('the mirror in Tillypad', () => {
    it('writes the chat of a new subscription into a new note', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(customer, '9001'));
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 1, failed: 0, detail: null });
      expect(await site.notesOf(customer)).toEqual(['9001']);
    });

    it('is not taken for a change that staff made', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(customer, '9001'));
      await ledger.mirrorNotes(NOTE, 10);
      expect(await ledger.readNotes(NOTE, 10)).toEqual([]);
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 0, detail: null });
    });

    it('writes over the newest note instead of adding one', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: 'old', at: site.wall(-DAY) });
      await site.addNote({ type, customer, value: 'new', at: null });
      const ledger = await heldLedger(site);
      await ledger.saveNotes([{ customerId: customer, noted: 'old', subscription: held(customer, '9001') }]);
      expect(await ledger.mirrorNotes(NOTE, 10)).toMatchObject({ written: 1 });
      expect(await site.notesOf(customer)).toEqual(['9001', 'new']);
    });

    it.each(['stopped', 'suspended'] as const)(
      'empties the note of a subscription that is %s, and fills it when it comes back',
      async (state) => {
        const site = await makeSite(engine);
        await site.addNoteType(NOTE);
        const customer = await site.addCustomer();
        const ledger = await heldLedger(site);
        await subscribe(ledger, held(customer, '9001'));
        await ledger.mirrorNotes(NOTE, 10);
        await subscribe(ledger, held(customer, '9001', { state }));
        expect(await ledger.mirrorNotes(NOTE, 10)).toMatchObject({ written: 1 });
        expect(await site.notesOf(customer)).toEqual(['']);
        expect(await ledger.readNotes(NOTE, 10)).toEqual([]);
        await subscribe(ledger, held(customer, '9001'));
        await ledger.mirrorNotes(NOTE, 10);
        expect(await site.notesOf(customer)).toEqual(['9001']);
      },
    );

    it('follows a chat that turned out to be blocked', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const ledger = await heldLedger(site);
      const { customer, chatId } = await planOne(site, ledger);
      await subscribe(ledger, held(customer, chatId));
      await ledger.mirrorNotes(NOTE, 10);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: refusal('blocked'), suspendChat: true })] });
      await ledger.mirrorNotes(NOTE, 10);
      expect(await site.notesOf(customer)).toEqual(['']);
    });

    it('leaves a note alone that staff have cleared themselves', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: 'ask Anna' });
      const ledger = await heldLedger(site);
      await ledger.saveNotes([
        { customerId: customer, noted: 'ask Anna', subscription: held(customer, '9001', { origin: 'note', state: 'cleared' }) },
      ]);
      expect(await ledger.mirrorNotes(NOTE, 10)).toMatchObject({ written: 0 });
      expect(await site.notesOf(customer)).toEqual(['ask Anna']);
    });

    it('leaves the notes of customers alone who never subscribed', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: '@ivanov' });
      const ledger = await heldLedger(site);
      await ledger.saveNotes([{ customerId: customer, noted: '@ivanov', subscription: null }]);
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 0, detail: null });
    });

    it('restores the proven chat where staff typed another', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await site.addNote({ type, customer, value: '555' });
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(customer, '9001'));
      await ledger.saveNotes([{ customerId: customer, noted: '555', subscription: null }]);
      await ledger.mirrorNotes(NOTE, 10);
      expect(await site.notesOf(customer)).toEqual(['9001']);
    });

    it('never writes over what staff typed and nobody has judged', async () => {
      const site = await makeSite(engine);
      const type = await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(customer, '9001'));
      await site.addNote({ type, customer, value: '555' });
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 0, detail: null });
      expect(await site.notesOf(customer)).toEqual(['555']);
      expect(await ledger.readNotes(NOTE, 10)).toMatchObject([{ customerId: customer, text: '555' }]);
    });

    it('keeps a failure, tells it, tries again, and goes on with the others', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const [locked, free] = [await site.addCustomer(), await site.addCustomer()];
      await site.breakNotes(locked);
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(locked, '9001'), held(free, '9002'));
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 1, failed: 1, detail: 'this note is locked' });
      expect(await site.notesOf(free)).toEqual(['9002']);
      expect(await site.mirror(locked)).toMatchObject({ pending: true, failures: 1 });
      expect(await ledger.mirrorNotes(NOTE, 10)).toMatchObject({ written: 0, failed: 1 });
      expect(await site.mirror(locked)).toMatchObject({ pending: true, failures: 2 });
    });

    it('lets no failure stand in the way of those who come later', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const [locked, free] = [await site.addCustomer(), await site.addCustomer()];
      await site.breakNotes(locked);
      const ledger = await heldLedger(site);
      await subscribe(ledger, held(locked, '9001'));
      await ledger.mirrorNotes(NOTE, 1);
      await subscribe(ledger, held(free, '9002'));
      expect(await ledger.mirrorNotes(NOTE, 1)).toEqual({ written: 1, failed: 0, detail: null });
    });

    it('says that the note’s type is missing', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 0, detail: 'note_type_missing' });
      await subscribe(ledger, held(customer, '9001'));
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 1, detail: 'note_type_missing' });
      await site.addNoteType(NOTE);
      expect(await ledger.mirrorNotes(NOTE, 10)).toEqual({ written: 1, failed: 0, detail: null });
    });

    it('is each bot’s own', async () => {
      const site = await makeSite(engine);
      await site.addNoteType(NOTE);
      const customer = await site.addCustomer();
      await subscribe(await heldLedger(site), held(customer, '9001'));
      const other = await openLedger(site);
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      expect(await other.mirrorNotes(NOTE, 10)).toEqual({ written: 0, failed: 0, detail: null });
    });
  });
}
