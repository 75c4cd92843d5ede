import { describe, expect, it } from 'vitest';
import type { TaskMessage } from '../../src/ports/task-log.ts';
import type { Engine } from './engine.ts';
import { BOT, DAY, finish, heldLedger, HOUR, makeSite, MINUTE, openLedger, startRun, TASK } from './fixtures.ts';

const message = (wish: Partial<TaskMessage> = {}): TaskMessage => ({
  taskId: TASK,
  cause: 'webhook',
  text: 'A webhook is set',
  patienceMs: 0,
  ...wish,
});

export function describeTaskLog(engine: Engine): void {
  describe('the task log', () => {
    it('gets a message at the next firing, once for as long as its cause goes on', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      expect(await site.readTaskLog(TASK)).toEqual([]);
      await ledger.saveTaskMessages({ messages: [message()], complete: [TASK] });
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set']);
      for (let n = 0; n < 3; n++) {
        site.pass(5 * HOUR);
        await ledger.saveTaskMessages({ messages: [message({ text: 'again' })], complete: [TASK] });
        expect(await site.readTaskLog(TASK)).toEqual([]);
      }
    });

    it('tells what was over before the task fired, and tells it anew when it comes back later', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await ledger.saveTaskMessages({ messages: [message()], complete: [TASK] });
      await ledger.saveTaskMessages({ messages: [], complete: [TASK] });
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set']);
      site.pass(30 * MINUTE);
      await ledger.saveTaskMessages({ messages: [message()], complete: [TASK] });
      expect(await site.readTaskLog(TASK)).toEqual([]);
      await ledger.saveTaskMessages({ messages: [], complete: [TASK] });
      site.pass(2 * HOUR);
      await ledger.saveTaskMessages({ messages: [message()], complete: [TASK] });
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set']);
    });

    it('tells with patience only what has gone on for so long', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const unreachable = message({ cause: 'telegram_unreachable', text: 'Telegram', patienceMs: HOUR });
      const meet = async (): Promise<void> => ledger.saveTaskMessages({ messages: [unreachable], complete: [TASK] });
      await meet();
      site.pass(59 * MINUTE);
      await meet();
      expect(await site.readTaskLog(TASK)).toEqual([]);
      // It was over for a moment: the next trouble is another one.
      await ledger.saveTaskMessages({ messages: [], complete: [TASK] });
      site.pass(MINUTE);
      await meet();
      expect(await site.readTaskLog(TASK)).toEqual([]);
      site.pass(HOUR);
      expect(await site.readTaskLog(TASK)).toEqual([]);
      await meet();
      expect(await site.readTaskLog(TASK)).toEqual(['Telegram']);
    });

    it('is over with nothing that a run has not looked at', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const messages = [message(), message({ taskId: 'other', text: 'other' }), message({ cause: 'brake', text: 'brake' })];
      await ledger.saveTaskMessages({ messages, complete: [] });
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set', 'brake']);
      expect(await site.readTaskLog('other')).toEqual(['other']);
      site.pass(5 * HOUR);
      await ledger.saveTaskMessages({ messages: [message({ cause: 'brake', text: 'brake' })], complete: [TASK] });
      site.pass(5 * HOUR);
      await ledger.saveTaskMessages({ messages, complete: [] });
      expect(await site.readTaskLog('other')).toEqual([]);
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set']);
    });

    it('tells every task what concerns all of them, each once', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await ledger.saveTaskMessages({ messages: [message({ taskId: '*', text: 'settings' })], complete: [] });
      expect(await site.readTaskLog('a')).toEqual(['settings']);
      expect(await site.readTaskLog('b')).toEqual(['settings']);
      expect(await site.readTaskLog('a')).toEqual([]);
    });

    it('gets a line when nobody has served a signal for half an hour, once until a run has', async () => {
      const site = await makeSite(engine);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      site.pass(30 * MINUTE - 1);
      expect(await site.readTaskLog(TASK)).toEqual([]);
      site.pass(1);
      expect(await site.readTaskLog(TASK)).toEqual(['unread']);
      site.pass(DAY);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      expect(await site.readTaskLog(TASK)).toEqual([]);
      const ledger = await heldLedger(site);
      await ledger.saveTaskMessages({ messages: [], complete: [TASK] });
      await finish(ledger);
      expect(await site.readTaskLog(TASK)).toEqual([]);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      site.pass(30 * MINUTE);
      expect(await site.readTaskLog(TASK)).toEqual(['unread']);
    });

    it('says nothing of words that runs left, or of a bot that the task had before', async () => {
      const site = await makeSite(engine);
      await site.leaveWord('7999999999', { kind: 'event', taskId: TASK });
      await site.leaveWord(BOT, { kind: 'run', taskId: TASK });
      site.pass(DAY);
      expect(await site.readTaskLog(TASK)).toEqual([]);
    });

    it('is written without the lock, while another run has it', async () => {
      const site = await makeSite(engine);
      const [holder, other] = [await openLedger(site), await openLedger(site)];
      await startRun(holder);
      await other.saveTaskMessages({ messages: [message()], complete: [] });
      expect(await site.readTaskLog(TASK)).toEqual(['A webhook is set']);
      expect(await holder.confirm()).toBe('held');
    });
  });
}
