import * as fc from 'fast-check';

import { inviteOverBadAnswers, strangers, tellBadAnswers } from '../../fuzz/bad-answers-story.ts';
import { badRows } from '../../fuzz/bad-rows.ts';
import { tellBadRows } from '../../fuzz/bad-rows-story.ts';
import { meddling, meddlings } from '../../fuzz/meddling.ts';
import { settingsChanges, storedParameters } from '../../fuzz/odd-settings.ts';
import { judgeParameters, judgeSettings } from '../../fuzz/settings-story.ts';
import { openWireStage, SERVICES } from '../../fuzz/wire-answers.ts';
import { GATEWAYS } from '../../../src/core/sms-outcome.ts';
import type { Chapter } from '../chapter.ts';
import { arbitraryTrial } from './trial.ts';
import { triesChapter } from './tries.ts';
import type { Trial } from './tries.ts';

/** Opened at the first wish. */
let stage: ReturnType<typeof openWireStage> | null = null;

const TRIALS: readonly Trial[] = [
  arbitraryTrial(badRows, {
    name: 'rows',
    promise: '1',
    what: 'up to eight fields of Tillypad’s rows spoilt under whole runs and every question of an administrator, then mended: guests not told, others kept waiting, commands that fell over',
    share: 0.1,
    judge: async (fields) => (await tellBadRows(fields)).broken,
  }),
  arbitraryTrial(fc.tuple(meddlings, strangers), {
    name: 'telegram',
    promise: '1, 2',
    what: 'Telegram’s answers spoilt under whole runs, while strangers of odd names send odd texts and forged links, then good again: guests not told, strangers told, told twice without the mark, commands that fell over',
    share: 0.05,
    judge: async ([changes, people]) => (await tellBadAnswers(changes, people)).broken,
  }),
  arbitraryTrial(fc.tuple(fc.constantFrom(...GATEWAYS), meddlings), {
    name: 'operators',
    promise: '5',
    what: 'SMS operators’ answers spoilt under whole runs: numbers with a second SMS, invitations left hanging, commands that fell over',
    share: 0.05,
    judge: async ([operator, changes]) => (await inviteOverBadAnswers(operator, changes)).broken,
  }),
  arbitraryTrial(settingsChanges, {
    name: 'settings',
    promise: '6',
    what: 'the example settings spoilt: neither loaded nor refused in words, a token shown, longer than 5 s',
    share: 1,
    judge: judgeSettings,
  }),
  arbitraryTrial(storedParameters, {
    name: 'parameters',
    promise: '6',
    what: 'task parameters of any names and texts: neither taken nor refused in words',
    share: 1,
    judge: ({ parameters, taskId }) => judgeParameters(parameters, taskId),
  }),
  arbitraryTrial(meddling, {
    name: 'wire',
    promise: '1',
    what: 'an answer of each of the four services spoilt, every question and a sending',
    share: 0.2,
    casesEach: SERVICES.length * 5,
    judge: async (change) => {
      stage ??= openWireStage();
      const all: string[] = [];
      for (const service of SERVICES) all.push(...(await (await stage).ask(service, change)).map((sentence) => `${service}: ${sentence}`));
      return all;
    },
    close: async () => (await stage)?.close(),
  }),
];

/** Whatever comes in: nothing falls over, nothing is lost, and whoever reads the refusal learns something. */
export const input: Chapter = triesChapter({ name: 'input', msEach: 130 }, TRIALS);
