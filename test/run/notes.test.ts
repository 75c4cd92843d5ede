import { describe, expect, it } from 'vitest';
import { renderFinding } from '../../src/cli/render/findings.ts';
import type { Finding, SubscriptionSettings } from '../../src/core/settings.ts';
import type { Subscription } from '../../src/core/subscriber.ts';
import { mirrorNotes, readNotes } from '../../src/run/notes.ts';
import type { NotesApp } from '../../src/run/notes.ts';
import { makeSubscribers } from '../support/fake-subscribers.ts';
import type { FakeSubscribers } from '../support/fake-subscribers.ts';

const NOTE = 'chat_ID в Telegram';
const SETTINGS: SubscriptionSettings = { trustNotes: true, noteType: NOTE, legacyLinksUntil: null };

function customer(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
function linked(number: number, chatId: string): Subscription {
  return { customerId: customer(number), chatId, state: 'active', origin: 'link', epoch: 0 };
}

function makeSite(customers = 3): {
  readonly ledger: FakeSubscribers;
  readonly app: NotesApp;
  readonly journal: string[];
  readonly stop: AbortController;
} {
  const ledger = makeSubscribers(Array.from({ length: customers }, (_, index) => customer(index)));
  const journal: string[] = [];
  const stop = new AbortController();
  const write = (mark: string) => (event: string) => {
    journal.push(`${mark}${event}`);
  };
  return {
    ledger,
    journal,
    stop,
    app: { ledger, journal: { tell: write(''), warn: write('! '), fail: write('!! ') }, signal: stop.signal },
  };
}

describe('reading notes', () => {
  it('subscribes whoever has a filled one, and looks at a text once', async () => {
    const { app, ledger } = makeSite();
    ledger.notes.set(customer(1), ' 123 456 789 ');
    expect(await readNotes(app, SETTINGS)).toEqual({ answer: 'read', counts: { byNote: 1, cleared: 0, unused: 0 }, findings: [] });
    expect(ledger.subscriptions.get(customer(1))).toEqual({
      customerId: customer(1),
      chatId: '123456789',
      state: 'active',
      origin: 'note',
      epoch: 0,
    });
    expect((await readNotes(app, SETTINGS)).counts.byNote).toBe(0);
  });

  it('ends the subscription whose mirrored note staff cleared', async () => {
    const { app, ledger } = makeSite();
    ledger.subscriptions.set(customer(1), linked(1, '11'));
    await mirrorNotes(app, SETTINGS);
    await readNotes(app, SETTINGS);
    expect(ledger.subscriptions.get(customer(1))?.state).toBe('active');
    ledger.notes.delete(customer(1));
    expect((await readNotes(app, SETTINGS)).counts).toEqual({ byNote: 0, cleared: 1, unused: 0 });
    expect(ledger.subscriptions.get(customer(1))?.state).toBe('cleared');
  });

  it('does not bring back a guest who said /stop by the note that is still there', async () => {
    const { app, ledger } = makeSite();
    ledger.subscriptions.set(customer(1), { ...linked(1, '11'), state: 'stopped' });
    ledger.notes.set(customer(1), '11');
    await readNotes(app, SETTINGS);
    expect(ledger.subscriptions.get(customer(1))?.state).toBe('stopped');
  });

  it('only remembers them where they aren’t trusted', async () => {
    const { app, ledger } = makeSite();
    ledger.notes.set(customer(1), '11').set(customer(2), 'нет');
    expect(await readNotes(app, { ...SETTINGS, trustNotes: false })).toEqual({
      answer: 'read',
      counts: { byNote: 0, cleared: 0, unused: 0 },
      findings: [],
    });
    expect(ledger.subscriptions.size).toBe(0);
    expect(ledger.noted.get(customer(1))).toBe('11');
  });

  it('goes through any number of them, telling the bad ones by name only while they are few', async () => {
    const { app, ledger } = makeSite(1_200);
    for (let number = 0; number < 1_200; number += 1) ledger.notes.set(customer(number), number < 1_150 ? `${number + 1}` : 'нет');
    const read = await readNotes(app, SETTINGS);
    expect(read.counts).toEqual({ byNote: 1_150, cleared: 0, unused: 50 });
    expect(read.findings).toHaveLength(21);
    expect(read.findings[0]).toEqual({ code: 'note_unreadable', args: { customer: customer(1_150) } });
    expect(read.findings.at(-1)).toEqual({ code: 'notes_unused', args: { name: NOTE, notes: 50 } });
  });

  it('stops at a lost lock', async () => {
    const { app, ledger } = makeSite();
    ledger.notes.set(customer(1), '11');
    ledger.locked = false;
    expect(await readNotes(app, SETTINGS)).toMatchObject({ answer: 'lock_lost', counts: { byNote: 0 } });
    expect(ledger.subscriptions.size).toBe(0);
  });
});

describe('mirroring notes', () => {
  it('writes the chat of each subscribed customer', async () => {
    const { app, ledger, journal } = makeSite(1_200);
    for (let number = 0; number < 1_200; number += 1) ledger.subscriptions.set(customer(number), linked(number, '11'));
    expect(await mirrorNotes(app, SETTINGS)).toEqual([]);
    expect(ledger.notes.size).toBe(1_200);
    expect(journal).toEqual(['notes_mirrored']);
  });

  it('fails harmlessly: the rest is written and the failure told', async () => {
    const { app, ledger, journal } = makeSite();
    for (const number of [0, 1, 2]) ledger.subscriptions.set(customer(number), linked(number, '11'));
    ledger.unwritable.add(customer(1));
    expect(await mirrorNotes(app, SETTINGS)).toEqual([
      { code: 'notes_not_written', args: { name: NOTE, notes: 1, detail: 'a trigger said no' } },
    ]);
    expect([...ledger.notes.keys()]).toEqual([customer(0), customer(2)]);
    expect(journal).toEqual(['! notes_mirrored']);
  });

  it('comes to an end where nothing at all can be written', async () => {
    const { app, ledger } = makeSite(600);
    for (let number = 0; number < 600; number += 1) {
      ledger.subscriptions.set(customer(number), linked(number, '11'));
      ledger.unwritable.add(customer(number));
    }
    const { mirrorNotes: mirror } = ledger;
    let calls = 0;
    ledger.mirrorNotes = (noteType, limit) => {
      calls += 1;
      return mirror(noteType, limit);
    };
    expect(await mirrorNotes(app, SETTINGS)).toEqual([
      { code: 'notes_not_written', args: { name: NOTE, notes: 500, detail: 'a trigger said no' } },
    ]);
    expect(calls).toBe(1);
  });

  it('tells of a note type that isn’t there, whether or not a note waits for it', async () => {
    const { app, ledger } = makeSite();
    ledger.mirrorNotes = async () => ({ written: 0, failed: 0, detail: 'note_type_missing' });
    const [nothingWaits] = await mirrorNotes(app, SETTINGS);
    expect(nothingWaits).toEqual({ code: 'note_type_missing', args: { name: NOTE, notes: 0 } });
    ledger.mirrorNotes = async () => ({ written: 0, failed: 3, detail: 'note_type_missing' });
    const [waiting] = await mirrorNotes(app, SETTINGS);
    const say = (finding: Finding | undefined, language: 'ru' | 'en'): string =>
      finding === undefined ? '' : renderFinding(finding, language);
    expect(say(nothingWaits, 'ru')).toMatch(/^В Tillypad нет типа заметки «chat_ID в Telegram»\. .*Выполните `tp-tg-notify install`/u);
    expect(say(nothingWaits, 'en')).toMatch(
      /^Tillypad has no note type «chat_ID в Telegram»\. .*Run `tp-tg-notify install`.*subscriptions\.noteType/u,
    );
    expect(say(waiting, 'ru')).toContain('его ждут 3 заметки');
    expect(say(waiting, 'en')).toContain('3 notes wait for it');
  });

  it('has nothing to say when there is nothing to do', async () => {
    const { app, journal } = makeSite();
    expect(await mirrorNotes(app, SETTINGS)).toEqual([]);
    expect(journal).toEqual([]);
  });
});
