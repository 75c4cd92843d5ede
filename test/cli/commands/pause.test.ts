import { describe, expect, it } from 'vitest';

import { pause, resume } from '../../../src/cli/commands/pause.ts';
import { BOT, NOW, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const ask = (wish: FakeWish, flags: Record<string, unknown> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: pause, flags });

describe('pause', () => {
  it('pauses until resume', async () => {
    const { result, did } = ask({});
    expect(await result).toMatchObject({
      code: 0,
      text: `Бот ${BOT} на паузе до \`tp-tg-notify resume\`: запуски планируют, ничего не отправляется.`,
    });
    expect(did).toContain(`pause("${BOT}", null)`);
  });

  it('pauses until a time of the restaurant’s own clock', async () => {
    const { result, did } = ask({}, { until: '24.11.2026 18:30' }, 'en');
    expect((await result).text).toBe(`Bot ${BOT} is paused until 2026-11-24 18:30:00: runs plan, nothing is sent.`);
    expect(did).toContain(`pause("${BOT}", ${NOW + 6.5 * 3_600_000})`);
  });

  it.each([
    ['a time that is over', '2026-11-24 11:59', 'pause_until_past'],
    ['a day that doesn’t exist', '31.02.2027', 'date_impossible'],
    ['a date of two meanings', '03/04/2027', 'date_ambiguous'],
    ['no date at all', 'tomorrow', 'date_unknown_form'],
  ])('refuses %s', async (_what, until, finding) => {
    const { result, did } = ask({}, { until });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: finding }] });
    expect(did.some((call) => call.startsWith('pause('))).toBe(false);
  });

  it('says of a bot that has never run that it starts out paused, without an end', async () => {
    const { result } = ask({ status: { bound: false } }, { until: '2026-11-25' });
    expect(await result).toMatchObject({
      text: expect.stringContaining('начнут с паузы, до `tp-tg-notify resume`'),
      json: { bots: [{ until: null, bound: false, wasPaused: false }] },
    });
  });
});

describe('resume', () => {
  it.each([
    ['ru', 'пауза закончена'],
    ['en', 'the pause is over'],
  ] as const)('ends the pause (%s)', async (language, text) => {
    const { result, did } = runIn(language, { status: { pausedUntil: Number.POSITIVE_INFINITY } }, { command: resume });
    expect(await result).toMatchObject({ code: 0, text: expect.stringContaining(text) });
    expect(did).toContain(`resume("${BOT}")`);
  });

  it.each([
    ['ru', `Бот ${BOT}: паузы не было.`],
    ['en', `Bot ${BOT} was not paused.`],
  ] as const)('says that there was no pause (%s)', async (language, text) => {
    expect(await runIn(language, {}, { command: resume }).result).toMatchObject({ code: 0, text });
  });
});
