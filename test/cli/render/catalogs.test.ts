import { readdirSync, readFileSync } from 'node:fs';

import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';

import * as inBind from '../../../src/cli/render/bind.ts';
import * as inBot from '../../../src/cli/render/bot.ts';
import * as inChoice from '../../../src/cli/render/choice.ts';
import * as inDelivery from '../../../src/cli/render/delivery.ts';
import * as inDeskFindingTexts from '../../../src/cli/render/desk-finding-texts.ts';
import * as inInstall from '../../../src/cli/render/install.ts';
import * as inKeys from '../../../src/cli/render/keys.ts';
import * as inLink from '../../../src/cli/render/link.ts';
import * as inPause from '../../../src/cli/render/pause.ts';
import * as inPreview from '../../../src/cli/render/preview.ts';
import * as inPrune from '../../../src/cli/render/prune.ts';
import * as inResolve from '../../../src/cli/render/resolve.ts';
import * as inRetry from '../../../src/cli/render/retry.ts';
import * as inRunLine from '../../../src/cli/render/run-line.ts';
import * as inSchedule from '../../../src/cli/render/schedule.ts';
import * as inSettings from '../../../src/cli/render/settings.ts';
import * as inSettingsProblemTexts from '../../../src/cli/render/settings-problem-texts.ts';
import * as inSmsProblemTexts from '../../../src/cli/render/sms-problem-texts.ts';
import * as inInvitationWords from '../../../src/cli/render/invitation-words.ts';
import * as inInvited from '../../../src/cli/render/invited.ts';
import * as inSmsFindingTexts from '../../../src/cli/render/sms-finding-texts.ts';
import * as inInvitations from '../../../src/cli/render/invitations.ts';
import * as inSkips from '../../../src/cli/render/skips.ts';
import * as inSmsCheck from '../../../src/cli/render/sms-check.ts';
import * as inGatewayFindingTexts from '../../../src/cli/render/gateway-finding-texts.ts';
import * as inSmsTest from '../../../src/cli/render/sms-test.ts';
import * as inStatus from '../../../src/cli/render/status.ts';
import * as inTaskMessage from '../../../src/cli/render/task-message.ts';
import * as inStory from '../../../src/cli/render/story.ts';
import * as inTpxlBuildTexts from '../../../src/cli/render/tpxl-build-texts.ts';
import * as inTpxlFindingTexts from '../../../src/cli/render/tpxl-finding-texts.ts';
import * as inTpxlFindings from '../../../src/cli/render/tpxl-findings.ts';
import * as inTpxlInspect from '../../../src/cli/render/tpxl-inspect.ts';
import * as inTpxlWizard from '../../../src/cli/render/tpxl-wizard.ts';
import * as inDatabaseFailures from '../../../src/cli/render/database-failures.ts';
import * as inSettingsDatabaseTexts from '../../../src/cli/render/settings-database-texts.ts';
import * as inUninstall from '../../../src/cli/render/uninstall.ts';
import * as inWhen from '../../../src/cli/render/when.ts';
import * as inWords from '../../../src/cli/render/words.ts';
import { sayFinding } from '../../../src/cli/render/desk-findings.ts';
import { FINDING_CODES } from '../../../src/cli/render/findings.ts';
import type { Sentence } from '../../../src/cli/render/say.ts';

const CLI = new URL('../../../src/cli/', import.meta.url);
const RENDER = new URL('render/', CLI);

type Named = readonly [string, Sentence];

/** Modules with catalogs of their own, by the file’s name without its hyphens. */
const MODULES: Readonly<Record<string, object>> = {
  bind: inBind,
  bot: inBot,
  choice: inChoice,
  databaseFailures: inDatabaseFailures,
  delivery: inDelivery,
  deskFindingTexts: inDeskFindingTexts,
  install: inInstall,
  keys: inKeys,
  link: inLink,
  pause: inPause,
  preview: inPreview,
  prune: inPrune,
  resolve: inResolve,
  retry: inRetry,
  runLine: inRunLine,
  schedule: inSchedule,
  settings: inSettings,
  settingsProblemTexts: inSettingsProblemTexts,
  skips: inSkips,
  invitations: inInvitations,
  smsFindingTexts: inSmsFindingTexts,
  invited: inInvited,
  invitationWords: inInvitationWords,
  smsProblemTexts: inSmsProblemTexts,
  smsCheck: inSmsCheck,
  gatewayFindingTexts: inGatewayFindingTexts,
  smsTest: inSmsTest,
  status: inStatus,
  story: inStory,
  taskMessage: inTaskMessage,
  tpxlBuildTexts: inTpxlBuildTexts,
  tpxlFindingTexts: inTpxlFindingTexts,
  tpxlFindings: inTpxlFindings,
  tpxlInspect: inTpxlInspect,
  tpxlWizard: inTpxlWizard,
  settingsDatabaseTexts: inSettingsDatabaseTexts,
  uninstall: inUninstall,
  when: inWhen,
  words: inWords,
};

function sentencesIn(value: unknown, name: string): readonly Named[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isSentence(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && isSentence(inner) ? [[`${name}.${key}`, inner] as const] : [],
  );
}

function isSentence(value: object): value is Sentence {
  return Object.keys(value).toSorted().join() === 'en,ru' && Object.values(value).every((text) => typeof text === 'string');
}

/** The arguments of a sentence, those inside its choices too. */
function placeholders(text: string, language: 'ru' | 'en'): readonly string[] {
  const found = new Set<string>();
  const walk = (elements: ReturnType<IntlMessageFormat['getAst']>): void => {
    for (const element of elements) {
      if ('value' in element && typeof element.value === 'string' && element.type !== 0) found.add(element.value);
      if ('options' in element) for (const option of Object.values(element.options)) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst());
  return [...found].toSorted();
}

/** Every sentence that these modules export, in whatever catalog. */
const CATALOGS: readonly Named[] = Object.entries(MODULES).flatMap(([file, module]) =>
  Object.entries(module).flatMap(([name, catalog]) => sentencesIn(catalog, `${file} ${name}`)),
);

describe('the administrator’s sentences', () => {
  it('are found in every module that has some', () => {
    const withSentences = readdirSync(RENDER).filter((file) =>
      /export const \w+(?:: Readonly<Record<[^=]*Sentence>>)? = \{/u.test(readFileSync(new URL(file, RENDER), 'utf8')),
    );
    expect(
      withSentences
        .map((file) => file.replace('.ts', '').replaceAll(/-(\w)/gu, (_hyphen, letter: string) => letter.toUpperCase()))
        .filter((file) => !Object.hasOwn(MODULES, file)),
    ).toEqual([]);
    for (const file of Object.keys(MODULES)) expect(CATALOGS.some(([name]) => name.startsWith(`${file} `))).toBe(true);
  });

  it.each(CATALOGS)('%s needs the same arguments in both languages', (_name, { ru, en }) => {
    expect(placeholders(ru, 'ru')).toEqual(placeholders(en, 'en'));
  });

  it.each(CATALOGS)('%s is English in English and says something in Russian', (_name, { ru, en }) => {
    // Names of Tillypad's own things stay Russian.
    expect(en.replaceAll(/«[^»]*»/gu, '')).not.toMatch(/[а-яё]/iu);
    expect(ru.trim()).not.toBe('');
    expect(en.trim()).not.toBe('');
  });
});

describe('findings', () => {
  const sources = ['', 'commands/'].flatMap((folder) =>
    readdirSync(new URL(`./${folder}`, CLI))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(new URL(`${folder}${file}`, CLI), 'utf8')),
  );
  const codes = new Set(sources.flatMap((text) => [...text.matchAll(/\bcode: '(\w+)'/gu)].map(([, code = '']) => code)));

  it.each([...codes])('%s has a sentence', (code) => {
    expect([...Object.keys(inDeskFindingTexts.DESK_FINDINGS), ...Object.keys(inTaskMessage.TASK_MESSAGES), ...FINDING_CODES]).toContain(
      code,
    );
  });

  it('turn instants, times, spans and exit codes into words', () => {
    const viewer = { language: 'en', zone: 'Europe/Moscow' } as const;
    expect(sayFinding({ code: 'paused_until', args: { at: Date.UTC(2026, 10, 24, 9) } }, viewer)).toContain(
      'Paused until 2026-11-24 12:00:00:',
    );
    expect(
      sayFinding({ code: 'look_long_ago', args: { task: 'a', wall: '2026-11-22 12:00:00.000', span: 172_800_000 } }, viewer),
    ).toContain('no complete look since 2026-11-22 12:00:00 (2 days)');
    expect(sayFinding({ code: 'last_run_failed', args: { exit: 3 } }, viewer)).toContain('ended with 3 (the database).');
  });

  it('of the rest of the program are said too', () => {
    expect(sayFinding({ code: 'since_in_future', args: { since: 'X', now: 'Y' } }, { language: 'en', zone: 'UTC' })).toContain(
      'lies in the future',
    );
  });
});
