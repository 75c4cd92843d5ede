import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BotDefinition } from '../../src/simulators/telegram/bots.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import type { Invitees } from '../support/process-invitees.ts';
import { siteSettings } from '../support/processes.ts';
import type { Ended, ProcessSite, SiteWish } from '../support/processes.ts';

/** The bot that a site of its own is given, or that somebody mistook for the site's. */
const OTHER_BOT: BotDefinition = {
  token: '7000000002:SIMULATED-no-secret-either-0123456789',
  username: 'other_guests_bot',
  firstName: 'Another bot',
};

/** Both bots are there, and an operator, so that silence is silence to everybody. */
export const PLACES_SITE = { bots: [SIMULATED_BOT, OTHER_BOT], invites: true } as const satisfies SiteWish;

const KEY = 'tp-tg-notify.key.json';
const SETTINGS = 'settings.yaml';
const RUN = ['run', '--since-last'];

/** Runs a command: in a process of its own, as an administrator does, or in this one, which is quicker. */
export type RunCommand = (args: readonly string[], settings: string) => Promise<Pick<Ended, 'code' | 'out' | 'err'>>;

/** A trial of the place or the past: what was not as promised, in sentences. The site is as `PLACES_SITE`, with guests that are known. */
export type PlaceTrial = (site: ProcessSite, run: RunCommand) => Promise<readonly string[]>;

/** Every trial by its name; each leaves the site as the next one needs it. */
export const PLACES: Readonly<Record<string, PlaceTrial>> = {
  'a copied database': (site, run) => copied(site, run),
  'a folder moved elsewhere': (site, run) => moved(site, run),
  'no link key, and another one': (site, run) => otherKey(site, run),
  'a restored backup, accepted as told': (site, run) => restored('mark')(site, run),
  'a restored backup, left to be told': (site, run) => restored('leave')(site, run),
  'another bot’s token': (site, run) => otherToken(site, run),
  'another installation that reads the bot': (site, run) => otherReader(site, run),
};

/** A copy of the database on another place: it sends nothing, says so, and after `bind` with a bot and a task of its own it is a site. */
const copied: PlaceTrial = async (site, run) => {
  const { trial, broken } = openTrial(site, run);
  const there = join(site.folder, 'copy');
  site.operation();
  inviteesOf(site).invitee();
  makeCopy(site, there);
  const settings = join(there, SETTINGS);
  await trial.isSilent(settings, { code: 7, ru: 'Это копия базы', en: 'This database is a copy' });
  await trial.ends(['status'], settings, { code: 9, says: 'bind' });
  await trial.ends(['bind'], settings, { code: 9, says: '--yes' });
  await trial.isSilent(settings, { code: 7, ru: 'Это копия базы', en: 'This database is a copy' });
  await trial.ends(['bind', '--yes'], settings, { code: 0, says: 'belongs to this place now' });
  // As `bind` advises: a bot of its own, and as the ledger's tasks are the other one's, a task of its own.
  writeFileSync(settings, siteSettings({ ...rootsOf(site), token: OTHER_BOT.token }), { mode: 0o600 });
  await trial.isSilent(settings, { code: 2, ru: 'другому боту', en: 'another bot' });
  writeFileSync(settings, siteSettings({ ...rootsOf(site), token: OTHER_BOT.token, task: 'test' }), { mode: 0o600 });
  await trial.ends(RUN, settings, { code: 0, says: '' });
  return broken;
};

/** The folder with database, key and settings moved elsewhere: silent until `bind`, then it goes on where it was. */
const moved: PlaceTrial = async (site, run) => {
  const { trial, broken } = openTrial(site, run);
  const read = site.operation();
  const invited = inviteesOf(site).invitee();
  const there = join(site.folder, 'moved');
  makeCopy(site, there);
  const old = join(site.folder, 'site.sqlite');
  renameSync(old, `${old}.old`);
  const settings = join(there, SETTINGS);
  await trial.isSilent(settings, { code: 7, ru: 'Это копия базы', en: 'This database is a copy' });
  await trial.ends(['bind', '--yes'], settings, { code: 0, says: 'belongs to this place now' });
  await trial.ends(RUN, settings, { code: 0, says: '' });
  const { plain, marked } = read();
  if (plain !== 1 || marked !== 0) broken.push(`after the move the guest was told ${plain} times, ${marked} marked`);
  if (invited().taken !== 1) broken.push(`after the move ${invited().taken} SMS went to whom one was due`);
  renameSync(`${old}.old`, old);
  return broken;
};

/** A host without the link key, and one with another: silent, and the way out is the key file. */
const otherKey: PlaceTrial = async (site, run) => {
  const { trial, broken } = openTrial(site, run);
  const read = site.operation();
  const invited = inviteesOf(site).invitee();
  const settings = join(site.folder, SETTINGS);
  const key = join(site.folder, KEY);
  renameSync(key, `${key}.kept`);
  await trial.isSilent(settings, { code: 2, ru: 'Нет ключа ссылок', en: 'The link key' });
  // Another installation's key: what `install` makes in a folder of its own.
  const elsewhere = join(site.folder, 'elsewhere');
  makeCopy(site, elsewhere, { withKey: false });
  await trial.ends(['install'], join(elsewhere, SETTINGS), { code: null, says: '' });
  copyFileSync(join(elsewhere, KEY), key);
  await trial.isSilent(settings, { code: 2, ru: 'не тот, что у журнала', en: 'is not the ledger’s' });
  rmSync(key);
  renameSync(`${key}.kept`, key);
  await trial.ends(RUN, settings, { code: 0, says: '' });
  const { plain } = read();
  if (plain !== 1) broken.push(`with its key back the guest was told ${plain} times`);
  if (invited().taken !== 1) broken.push(`with its key back ${invited().taken} SMS went to whom one was due`);
  return broken;
};

/**
 * A backup put back after runs that it doesn't know: silent, with the words; then `bind --restored`. mark: nobody hears anything of the lost stretch
 * again · leave: what waited in the backup comes with the mark, what was only made later is told as new.
 */
function restored(how: 'mark' | 'leave'): PlaceTrial {
  return async (site, run) => {
    const { trial, broken } = openTrial(site, run);
    const settings = join(site.folder, SETTINGS);
    const waiting = site.operation();
    const invited = inviteesOf(site).invitee();
    // Planned and waiting when the backup is made: a pause lets a run plan without sending.
    await trial.ends(['pause'], settings, { code: 0, says: '' });
    await trial.ends(RUN, settings, { code: 0, says: '' });
    if (waiting().plain !== 0) broken.push('the guest was told before the backup');
    const backup = join(site.folder, 'backup.sqlite');
    rmSync(backup, { force: true });
    site.database.exec(`vacuum into '${backup}'`);
    await trial.ends(['resume'], settings, { code: 0, says: '' });
    await trial.ends(RUN, settings, { code: 0, says: '' });
    if (waiting().plain !== 1) broken.push('the guest was not told before the restore');
    if (invited().taken !== 1) broken.push('nobody was invited before the restore');
    site.putBack(backup);
    await trial.isSilent(settings, { code: 7, ru: 'База вернулась в прошлое', en: 'set back in time' });
    await trial.ends(['bind', '--restored', how], settings, { code: 9, says: '--yes' });
    await trial.isSilent(settings, { code: 7, ru: 'База вернулась в прошлое', en: 'set back in time' });
    await trial.ends(['bind', '--restored', how, '--yes'], settings, { code: 0, says: 'past is accepted' });
    await trial.ends(['resume'], settings, { code: 0, says: '' });
    await trial.ends(RUN, settings, { code: 0, says: '' });
    const { plain, marked } = waiting();
    const wanted = how === 'mark' ? '1 0' : '1 1';
    if (`${plain} ${marked}` !== wanted) broken.push(`after «${how}» the guest has ${plain} plain and ${marked} marked, not ${wanted}`);
    if (invited().taken !== 1) broken.push(`after «${how}» ${invited().taken} SMS went to whom one was due`);
    const fresh = site.operation();
    await trial.ends(RUN, settings, { code: 0, says: '' });
    if (fresh().plain !== 1) broken.push('what came after was not told');
    return broken;
  };
}

/** Another bot's token in the settings: nobody is told through a bot they never started; the way out is the token. */
const otherToken: PlaceTrial = async (site, run) => {
  const { trial, broken } = openTrial(site, run);
  const read = site.operation();
  const invited = inviteesOf(site).invitee();
  const settings = join(site.folder, SETTINGS);
  writeFileSync(settings, siteSettings({ ...rootsOf(site), token: OTHER_BOT.token }), { mode: 0o600 });
  await trial.isSilent(settings, { code: 2, ru: 'другому боту', en: 'another bot' });
  writeFileSync(settings, siteSettings({ ...rootsOf(site) }), { mode: 0o600 });
  await trial.ends(RUN, settings, { code: 0, says: '' });
  const { plain } = read();
  if (plain !== 1) broken.push(`with its token back the guest was told ${plain} times`);
  if (invited().taken !== 1) broken.push(`with its token back ${invited().taken} SMS went to whom one was due`);
  return broken;
};

/** Another installation takes this bot's updates, by a webhook and by reading: it is told, the subscribed are served, nobody else is planned. */
const otherReader: PlaceTrial = async (site, run) => {
  const { trial, broken } = openTrial(site, run);
  const settings = join(site.folder, SETTINGS);
  const read = site.operation();
  const bot = site.telegram.bot();
  bot.setWebhook('https://elsewhere.example/hook');
  site.passPollTime();
  await trial.ends([...RUN, '--language', 'ru'], settings, { code: 5, says: 'установлен вебхук' });
  if (read().plain !== 1) broken.push('the subscribed guest was not told beside a webhook');
  await trial.ends(RUN, settings, { code: null, says: '' });
  bot.setWebhook(null);
  site.passPollTime();
  await trial.ends(RUN, settings, { code: 0, says: '' });
  site.arrive(1);
  await steal(site);
  site.arrive(1);
  site.passPollTime();
  await trial.ends(RUN, settings, { code: 5, says: 'someone else may read this bot' });
  site.passPollTime();
  await trial.ends(RUN, settings, { code: 0, says: '' });
  return broken;
};

/** Reads all that is pending and confirms it, as another program with this token does. */
async function steal({ telegram }: ProcessSite): Promise<void> {
  const ask = async (offset: number): Promise<number> => {
    const response = await fetch(`${telegram.url}/bot${telegram.bot().token}/getUpdates?offset=${offset}`);
    const { result } = (await response.json()) as { readonly result: readonly { readonly update_id: number }[] };
    return (result.at(-1)?.update_id ?? 0) + 1;
  };
  await ask(await ask(0));
}

interface Wanted {
  /** Null = whatever it is. */
  readonly code: number | null;
  readonly says: string;
}

interface Trying {
  /** A command in English unless it says otherwise. */
  ends(args: readonly string[], settings: string, wanted: Wanted): Promise<void>;
  /** A run in either language: its code, its words, and not one call to Telegram or the operator that could tell anybody anything. */
  isSilent(settings: string, wanted: { readonly code: number; readonly ru: string; readonly en: string }): Promise<void>;
}

function openTrial(site: ProcessSite, run: RunCommand): { readonly trial: Trying; readonly broken: string[] } {
  const broken: string[] = [];
  const check = (args: readonly string[], { code, out, err }: Awaited<ReturnType<RunCommand>>, wanted: Wanted): void => {
    if (wanted.code !== null && code !== wanted.code) broken.push(`${args.join(' ')}: ${code}, not ${wanted.code}: ${out}${err}`);
    if (!`${out}${err}`.includes(wanted.says)) broken.push(`${args.join(' ')} doesn’t say «${wanted.says}»: ${out}${err}`);
  };
  return {
    broken,
    trial: {
      ends: async (args, settings, wanted) => check(args, await run(args, settings), wanted),
      isSilent: async (settings, { code, ...words }) => {
        const { operator } = inviteesOf(site);
        const [calls, asked] = [site.telegram.calls.length, operator.calls.length];
        for (const language of ['ru', 'en'] as const) {
          const args = [...RUN, '--language', language];
          check(args, await run(args, settings), { code, says: words[language] });
        }
        const made = site.telegram.calls.slice(calls).map(({ method }) => method);
        const others = operator.calls.slice(asked).map(({ method }) => method);
        if (made.length + others.length > 0) broken.push(`a run that must be silent called ${[...made, ...others].join()}`);
      },
    },
  };
}

/** Database, key and settings in a folder of their own, as a restore on a test server brings them. */
function makeCopy(site: ProcessSite, folder: string, { withKey = true } = {}): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  site.database.exec(`vacuum into '${join(folder, 'site.sqlite')}'`);
  if (withKey) copyFileSync(join(site.folder, KEY), join(folder, KEY));
  writeFileSync(join(folder, SETTINGS), siteSettings({ ...rootsOf(site) }), { mode: 0o600 });
}

function inviteesOf({ sms }: ProcessSite): Invitees {
  if (sms === null) throw new Error('a site without an operator');
  return sms;
}

function rootsOf(site: ProcessSite): { readonly apiRoot: string; readonly operatorRoot: string } {
  return { apiRoot: site.telegram.url, operatorRoot: inviteesOf(site).operator.url };
}
