import { resolve } from 'node:path';

import { wallToMs } from '../../src/core/wall-time.ts';
import type { SampleFlags } from './flags.ts';
import type { SampleSite } from './site.ts';
import { DAY, toWallTime } from './wall-time.ts';
import { RESTAURANT } from './words.ts';

const SHOWN_ODD = ['packed name', 'two numbers in one field', 'without a profile', 'carries odd operations'];

/** What was made, whom to try, and how to go on with a bot of one's own. */
export function describeSite(site: SampleSite, flags: SampleFlags, seconds: number): string {
  const count = (table: string): string => (site.rows[table] ?? 0).toLocaleString('en-GB');
  const odd = site.oddCustomers.filter(({ what }) => SHOWN_ODD.includes(what));
  const [regular] = site.regulars;
  return [
    `${flags.file}: ${count('tp_ClientPurseOperations')} operations of ${count('tp_Clients')} customers, seed ${flags.seed}, clock ${flags.now} (${seconds.toFixed(1)} s)`,
    '',
    'Regulars who have just been here, for `link` and `explain`:',
    ...site.regulars.map(({ id, name }) => `  ${id}  ${name}`),
    'Odd ones, for `explain`:',
    ...odd.map(({ id, what }) => `  ${id}  ${what}`),
    '',
    'Settings that fit this site (the token comes from the environment variable BOT_TOKEN):',
    ...describeSettings(site, flags).map((line) => `  ${line}`),
    '',
    'With them in settings.yaml:',
    '  npx tp-tg-notify install --settings settings.yaml',
    `  npx tp-tg-notify link ${regular?.id ?? 'CUSTOMER'} --settings settings.yaml    # open the link, press Start`,
    '  npx tp-tg-notify run --dry-run --settings settings.yaml',
    '  npx tp-tg-notify run --since-last --settings settings.yaml',
    '',
  ].join('\n');
}

function describeSettings({ accountTypes }: SampleSite, flags: SampleFlags): readonly string[] {
  const yesterday = toWallTime(wallToMs(flags.now) - DAY).slice(0, 10);
  return [
    `database: ${JSON.stringify(resolve(flags.file))}`,
    `restaurant: { name: ${RESTAURANT} }`,
    'telegram: { token: env:BOT_TOKEN }',
    `filters: { startDate: ${yesterday} }`,
    'notice:',
    '  units:',
    `    - accountType: ${accountTypes.bonuses}    # Бонусы`,
    "      text: { ru: '{count, plural, one {балл} few {балла} many {баллов} other {балла}}', en: '{count, plural, one {point} other {points}}' }",
  ];
}
