import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import { inviteOverBadAnswers, strangers, tellBadAnswers } from './bad-answers-story.ts';
import { badRows, fieldOf } from './bad-rows.ts';
import type { BadField } from './bad-rows.ts';
import { tellBadRows } from './bad-rows-story.ts';
import { meddling, meddlings } from './meddling.ts';
import type { Meddling } from './meddling.ts';
import { settingsChanges, storedParameters } from './odd-settings.ts';
import { isExampleSound, judgeParameters, judgeSettings } from './settings-story.ts';
import { openWireStage, SERVICES } from './wire-answers.ts';
import type { WireStage } from './wire-answers.ts';

// The same seeds on every machine; `npm run prove -- --chapter input` tries thousands of others.
const SEED = 20_261_124;

let stage: WireStage;
beforeAll(async () => {
  stage = await openWireStage();
});
afterAll(() => stage.close());

const AS_IS: Meddling = { status: null, headers: [], length: 0, body: { kind: 'as_is' }, close: false };

describe('an answer of another kind than a service gives', { timeout: 120_000 }, () => {
  it('is a value with a name, quoted in one line: any', async () => {
    const property = fc.asyncProperty(meddling, async (change) => {
      for (const service of SERVICES) expect(await stage.ask(service, change)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 15 });
  });

  it.each(SERVICES)('is one also when it is nested deeper than a stack: %s', async (service) => {
    for (const object of [true, false])
      for (const status of [200, 400])
        expect(await stage.ask(service, { ...AS_IS, status, body: { kind: 'deep', depth: object ? 150_000 : 400_000, object } })).toEqual(
          [],
        );
  });

  it('costs no guest a notice, and none is told twice without the mark', async () => {
    const property = fc.asyncProperty(meddlings, strangers, async (changes, people) => {
      expect((await tellBadAnswers(changes, people)).broken).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 3 });
  });

  it('may be good: strangers of odd names with odd texts and forged links keep no guest waiting, are answered, and learn nothing', async () => {
    const property = fc.asyncProperty(strangers, async (people) => {
      expect((await tellBadAnswers([], people)).broken).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 6 });
  });

  it.each([407, 429])('under a %d is no reason to tell twice when it says yes itself', async (status) => {
    const yes = { ...AS_IS, status };
    expect((await tellBadAnswers([null, yes, yes, yes])).broken).toEqual([]);
    expect((await inviteOverBadAnswers('smsru', [null, yes, yes, yes, yes, yes])).broken).toEqual([]);
  });

  it.each(GATEWAYS)('brings no number a second SMS: %s', async (operator) => {
    expect((await inviteOverBadAnswers(operator, [])).broken).toEqual([]);
    const property = fc.asyncProperty(meddlings, async (changes) => {
      expect((await inviteOverBadAnswers(operator, changes)).broken).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 1 });
  });
});

/** The n-th value for the n-th victim. */
const inTurn = (column: string, ...values: readonly BadField['value'][]): readonly BadField[] =>
  values.map((value, victim) => ({ victim, field: fieldOf(column), value }));

/** Each stopped everybody's notices, or an administrator's command, before it was mended; more than three in a row, as three stopped a run. */
const ONCE_BROKEN: readonly (readonly [string, readonly BadField[]])[] = [
  [
    'sums that are words, fractions, endless, the least number there is',
    inTurn(
      'cpop_Sum',
      { kind: 'text', text: 'сто' },
      { kind: 'real', real: '-450.25' },
      { kind: 'real', real: 'inf' },
      { kind: 'integer', digits: '-9223372036854775808' },
    ),
  ],
  [
    'dates that are words, have no time, no such day, another form',
    inTurn(
      'cpop_Date',
      { kind: 'text', text: 'вчера' },
      { kind: 'text', text: '2026-11-24' },
      { kind: 'text', text: '2026-11-31 12:00:00.000' },
      { kind: 'text', text: '2026-11-24 12:00:00,000' },
    ),
  ],
  [
    'names and phones that are bytes or null, an operation without an id',
    [
      ...inTurn('clnt_Name', { kind: 'bytes', hex: '0d0503' }, { kind: 'null' }),
      ...inTurn('clph_Phone', { kind: 'bytes', hex: 'ff00' }),
      ...inTurn('pepl_PhoneCell', { kind: 'bytes', hex: 'ff00' }),
      { victim: 2, field: fieldOf('cpop_ID'), value: { kind: 'null' } },
    ],
  ],
  [
    'groups above themselves, a description of ten million letters',
    [
      ...inTurn('clgr_clgr_ID_Parent', { kind: 'own' }, { kind: 'own' }),
      { victim: 2, field: fieldOf('cpop_Description'), value: { kind: 'long', length: 10_000_000 } },
    ],
  ],
];

describe('rows of Tillypad that no view promises', { timeout: 120_000 }, () => {
  it.each(ONCE_BROKEN)('keep nobody else waiting and are told when mended: %s', async (_what, fields) => {
    expect((await tellBadRows(fields)).broken).toEqual([]);
  });

  it('keep nobody else waiting and are told when mended: any', async () => {
    const property = fc.asyncProperty(badRows, async (fields) => {
      expect((await tellBadRows(fields)).broken).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 3 });
  });
});

describe('settings and task parameters', { timeout: 120_000 }, () => {
  it('that were spoilt are loaded, or refused in words of both languages without a secret', () => {
    expect(isExampleSound()).toBe(true);
    const settings = fc.property(settingsChanges, (changes) => {
      expect(judgeSettings(changes)).toEqual([]);
    });
    fc.assert(settings, { seed: SEED, numRuns: 300 });
    const parameters = fc.property(storedParameters, (stored) => {
      expect(judgeParameters(stored.parameters, stored.taskId)).toEqual([]);
    });
    fc.assert(parameters, { seed: SEED, numRuns: 300 });
  });

  it.each(['BotToken', 'StartDate', 'ClientPurseTypes', 'ClientGroups', 'SmsOperator', 'ApiKey', 'PushToken', 'SenderName', 'Nobody’s'])(
    'that are ten million characters long are refused or taken, soon: %s',
    (name) => {
      const began = process.cpuUsage();
      for (const unit of ['x', '1', ' ', ',', '\ud800', '\u0000'])
        expect(judgeParameters({ [name]: unit.repeat(10_000_000) }, 'main')).toEqual([]);
      expect(process.cpuUsage(began).user / 1_000_000).toBeLessThan(30);
    },
  );
});
