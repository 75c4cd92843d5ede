import { resolve } from 'node:path';

import { say } from '../../src/cli/render/say.ts';
import type { Language } from '../../src/core/glossary.ts';
import { wallToMs } from '../../src/core/wall-time.ts';
import type { SampleFlags } from './flags.ts';
import type { SampleSite } from './site.ts';
import { SAMPLE_TEXTS, SHOWN_ODD } from './texts.ts';
import { DAY, toWallTime } from './wall-time.ts';
import { RESTAURANT } from './words.ts';

export interface Reader {
  readonly language: Language;
  /** Whose shell the commands are for. */
  readonly platform: NodeJS.Platform;
  readonly seconds: number;
}

/** What was made, whom to try, and how to go on with a bot of one's own. */
export function describeSite(site: SampleSite, flags: SampleFlags, { language, platform, seconds }: Reader): string {
  const told = (name: keyof typeof SAMPLE_TEXTS, args?: Parameters<typeof say>[2]): string => say(SAMPLE_TEXTS[name], language, args);
  const customer = site.regulars[0]?.id ?? 'CUSTOMER';
  const yesterday = toWallTime(wallToMs(flags.now) - DAY).slice(0, 10);
  const commands = (...lines: readonly string[]): readonly string[] => lines.map((line) => `  npm run -s tp-tg-notify -- ${line}`);
  return [
    told('made', {
      file: flags.file,
      operations: site.rows['tp_ClientPurseOperations'] ?? 0,
      customers: site.rows['tp_Clients'] ?? 0,
      seed: String(flags.seed),
      clock: flags.now,
      seconds: seconds.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    }),
    '',
    told('regulars'),
    ...site.regulars.map(({ id, name }) => `  ${id}  ${name}`),
    told('odd'),
    ...site.oddCustomers.flatMap(({ id, what }) => {
      const sentence = SHOWN_ODD.get(what);
      return sentence === undefined ? [] : [`  ${id}  ${say(sentence, language)}`];
    }),
    '',
    told('next'),
    ...environmentLines(flags, language, platform).map((line) => `  ${line}`),
    ...commands('install', `link ${customer}`),
    told('open'),
    ...commands('run', `run --since ${yesterday} --customer ${customer} --limit 3`),
    '',
    told('settings'),
    ...describeSettings(site, flags, language).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** `set` takes one variable a line, and quotes would become part of the value. */
function environmentLines(flags: SampleFlags, language: Language, platform: NodeJS.Platform): readonly string[] {
  const file = resolve(flags.file);
  const rest = [
    `TP_TG_NOTIFY_TELEGRAM_TOKEN=${say(SAMPLE_TEXTS.token, language)}`,
    ...(language === 'ru' ? [] : [`TP_TG_NOTIFY_LANGUAGE=${language}`]),
  ];
  if (platform === 'win32') return [`TP_TG_NOTIFY_DATABASE=${file}`, ...rest].map((variable) => `set ${variable}`);
  return [`export ${[`TP_TG_NOTIFY_DATABASE=${quote(file)}`, ...rest].join(' ')}`];
}

function describeSettings({ accountTypes }: SampleSite, flags: SampleFlags, language: Language): readonly string[] {
  return [
    `database: ${JSON.stringify(resolve(flags.file))}`,
    `language: ${language}`,
    `restaurant: { name: ${RESTAURANT} }`,
    'telegram: { token: env:BOT_TOKEN }',
    'notice:',
    '  units:',
    `    - accountType: ${accountTypes.bonuses}`,
    "      text: { ru: '{count, plural, one {балл} few {балла} many {баллов} other {балла}}', en: '{count, plural, one {point} other {points}}' }",
  ];
}

function quote(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
