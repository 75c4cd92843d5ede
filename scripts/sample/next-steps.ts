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
  const customer = site.regulars[0]?.id ?? 'CUSTOMER';
  const yesterday = toWallTime(wallToMs(flags.now) - DAY).slice(0, 10);
  return [
    `${flags.file}: ${count('tp_ClientPurseOperations')} operations of ${count('tp_Clients')} customers, seed ${flags.seed}, clock ${flags.now} (${seconds.toFixed(1)} s)`,
    '',
    'Regulars who have just been here, for `link` and `explain`:',
    ...site.regulars.map(({ id, name }) => `  ${id}  ${name}`),
    'Odd ones, for `explain`:',
    ...odd.map(({ id, what }) => `  ${id}  ${what}`),
    '',
    'Next, with a bot of your own (its token from @BotFather; README, «With your own bot»):',
    `  export TP_TG_NOTIFY_DATABASE=${quote(resolve(flags.file))} TP_TG_NOTIFY_TELEGRAM_TOKEN=123456:your-token`,
    '  npm run -s tp-tg-notify -- install',
    `  npm run -s tp-tg-notify -- link ${customer}    # open the link, press Start`,
    '  npm run -s tp-tg-notify -- run',
    `  npm run -s tp-tg-notify -- run --since ${yesterday} --customer ${customer} --limit 3`,
    '',
    'Or in a settings file, with points instead of roubles on the bonus account:',
    ...describeSettings(site, flags).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function describeSettings({ accountTypes }: SampleSite, flags: SampleFlags): readonly string[] {
  return [
    `database: ${JSON.stringify(resolve(flags.file))}`,
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
