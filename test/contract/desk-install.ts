import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { renderFailure } from '../../src/cli/render/failure.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../src/ports/database.ts';
import type { StatusReport } from '../../src/ports/desk.ts';
import type { Standing } from '../../src/core/standing.ts';
import { BOT } from './desk-acts.ts';
import type { BareSite, DeskEngine } from './desk-engine.ts';

export function installContract(engine: DeskEngine): void {
  describe('install', () => {
    let site: BareSite;
    beforeEach(async () => {
      site = await engine.makeBareSite();
    });
    afterEach(() => site.close());

    const failure = async (work: () => Promise<unknown>): Promise<unknown> =>
      work().then(
        () => null,
        (error: unknown) => error,
      );

    it('makes what is missing, and when done again changes nothing', async () => {
      const first = await site.install();
      expect(first.steps.filter(({ did }) => did).map(({ step }) => step)).toEqual([
        ...engine.views.map((view) => `view ${view}`),
        'ledger',
        'place',
        'note_type',
      ]);
      expect(first.schema).toBe(1);
      const again = await site.install({ keyFingerprint: 'another' });
      expect(again.steps.filter(({ did }) => did)).toEqual([]);
      expect(again.steps.map(({ step }) => step)).toEqual(first.steps.map(({ step }) => step));
      const desk = await site.openDesk();
      const report: StatusReport & Partial<Standing> = await desk.readStatus(null);
      expect(report.place).toMatchObject({ keyFingerprint: 'fingerprint' });
      expect(report.place?.here).toBe(report.place?.boundTo);
      await desk.close();
    });

    it('makes the note type once by its name', async () => {
      await site.install();
      await site.install();
      expect(await site.noteTypes()).toEqual(['chat_ID в Telegram']);
      await site.install({ noteType: 'Telegram' });
      expect(await site.noteTypes()).toEqual(['Telegram', 'chat_ID в Telegram']);
    });

    it('counts the notes that are filled', async () => {
      await site.install();
      await site.addFilledNote('500');
      await site.addFilledNote(' ');
      expect((await site.install()).notes).toBe(1);
    });

    it('pauses with --paused also the bots of later runs', async () => {
      expect((await site.install({ paused: true })).steps.at(-1)).toEqual({ step: 'paused', did: true });
      expect((await site.install({ paused: true })).steps.at(-1)).toEqual({ step: 'paused', did: false });
      const desk = await site.openDesk();
      expect((await desk.readStatus(BOT)).pausedUntil).toBe(Number.POSITIVE_INFINITY);
      await desk.close();
      expect((await site.install()).steps.some(({ step }) => step === 'paused')).toBe(false);
    });

    it('names the tables of Tillypad that are missing, and makes nothing', async () => {
      await site.dropTable('tp_Notes');
      await site.dropTable('tp_Divisions');
      const error = await failure(() => site.install());
      expect(error).toBeInstanceOf(DatabaseUnavailable);
      expect(error).toMatchObject({ code: 'no_tillypad', message: 'tp_Notes, tp_Divisions' });
      expect(renderFailure(error, 'en').text).toMatch(/^Tables of Tillypad are missing in this database: tp_Notes, tp_Divisions\./u);
      expect(renderFailure(error, 'ru').text).toMatch(/^В этой базе нет таблиц Tillypad: tp_Notes, tp_Divisions\./u);
      expect(await failure(() => site.openDesk())).toBeInstanceOf(Error);
    });

    it('keeps a view that an administrator altered, while it has every column', async () => {
      await site.install();
      await site.alterView('reordered');
      expect((await site.install()).steps).toContainEqual({ step: 'view operation', did: false });
      await site.alterView('lacking');
      const error = await failure(() => site.install());
      expect(error).toMatchObject({ code: 'views_lacking', message: 'operation.description' });
      expect(renderFailure(error, 'en').text).toMatch(/^Views that were altered lack columns: operation\.description /u);
      expect(renderFailure(error, 'ru').text).toMatch(/^В изменённых представлениях не хватает столбцов: operation\.description /u);
    });

    it('with a view that lost a column afterwards says what the database says of it, and what to do', async () => {
      await site.install();
      await site.loseColumn();
      const desk = await site.openDesk();
      const error = await failure(() => desk.findCustomers({ id: '00000000-0000-4000-8000-000000000001' }, 1));
      await desk.close();
      expect(error).toBeInstanceOf(SchemaMismatch);
      const { detail } = error as SchemaMismatch;
      expect(detail).toMatch(/\bname\b/u);
      for (const [language, words] of [
        ['en', 'Run: tp-tg-notify upgrade'],
        ['ru', 'Выполните: tp-tg-notify upgrade'],
      ] as const) {
        const { code, name, text } = renderFailure(error, language);
        expect([code, name]).toEqual([6, 'schema_unfit']);
        expect(text).toContain(detail);
        expect(text).toContain(words);
      }
      // What it is told to do names the column.
      expect(await failure(() => site.install())).toMatchObject({ code: 'views_lacking', message: 'customer.name' });
    });

    it('refuses a ledger that is newer than the program', async () => {
      await site.install();
      await site.setSchema(2);
      expect(await failure(() => site.install())).toEqual(new SchemaMismatch(2, 1));
      expect(await failure(() => site.openDesk())).toBeInstanceOf(SchemaMismatch);
    });

    it('says before it is done that it is missing', async () => {
      expect(await failure(() => site.openDesk())).toBeInstanceOf(SchemaMismatch);
    });
  });
}
