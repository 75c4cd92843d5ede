import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Fault } from '../../../src/simulators/faults.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { Ended, ProcessSite, StartOptions } from '../../support/processes.ts';

const FULL_DISK = new URL('../../support/full-disk.ts', import.meta.url).href;
const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;
const FILE = 'site.sqlite';
const NOWHERE = 'dddddddd-0000-4000-8000-000000000009';
const DAY = 86_400_000;

/** Whether a user without rights can start the program here at all: a tree below /root is closed to it. */
const nobodyReaches =
  IS_ROOT &&
  spawnSync(process.execPath, [fileURLToPath(new URL('../../../bin/tp-tg-notify.js', import.meta.url)), '--version'], {
    uid: NOBODY,
    gid: NOBODY,
  }).status === 0;
const CAN_BE_DENIED = process.platform !== 'win32' && (!IS_ROOT || nobodyReaches);

interface Trouble extends StartOptions {
  readonly what: string;
  readonly args?: readonly string[];
  /** Brings it about; the answer ends it. */
  readonly begin: (site: ProcessSite) => () => void;
  /** Both languages at once, as each waits a while: neither gets as far as the bot's lock. */
  readonly atOnce?: boolean;
  readonly code: number;
  readonly en: RegExp;
  readonly ru: RegExp;
}

const SINCE_LAST = ['run', '--since-last'];

const nothing = (): (() => void) => () => {};

/** So many operations of somebody who isn't subscribed that their rows don't fit into the pages which the file has. */
function needRoom(site: ProcessSite): () => void {
  site.database.exec(`
    insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 400),
      stranger as (select customer_id from customer where live and customer_id not in (select customer_id from subscription) limit 1),
      newest as (select cpop_cptp_ID as type, cpop_Date as date from tp_ClientPurseOperations order by rowid desc limit 1)
    select printf('00000000-0000-4000-8000-%012d', i), customer_id, type, date, '1', -10000 from n, stranger, newest`);
  return () => {};
}

function lockDatabase(site: ProcessSite): () => void {
  const other = new DatabaseSync(join(site.folder, FILE));
  other.exec('begin immediate');
  return () => other.close();
}

/** All files and their folder are the program's own user's and read-only. */
function denyWriting(site: ProcessSite): () => void {
  const paths = [site.folder, ...readdirSync(site.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(site.folder, name))];
  const allow = (files: number): void => {
    for (const path of paths.toReversed()) {
      if (IS_ROOT) chownSync(path, files === 0o444 ? NOBODY : 0, files === 0o444 ? NOBODY : 0);
      const isFolder = path === site.folder || path.endsWith('log');
      chmodSync(path, isFolder ? files | 0o111 : path.endsWith('.yaml') || path.endsWith('.json') ? files & 0o600 : files);
    }
  };
  allow(0o444);
  return () => {
    allow(0o644);
  };
}

function updateSchema(site: ProcessSite): () => void {
  site.database.exec('update ledger_schema set version = version + 1');
  return () => site.database.exec('update ledger_schema set version = version - 1');
}

/** Somebody has pressed Start: a poll that finds something is never made to wait. */
const answerUpdates =
  (fault: Fault) =>
  (site: ProcessSite): (() => void) => {
    site.arrive(1);
    site.passPollTime();
    return site.telegram.faults.add({ ...fault, method: 'getUpdates', times: Infinity });
  };

function setWebhook(site: ProcessSite): () => void {
  site.arrive(1);
  site.passPollTime();
  const bot = site.telegram.bot();
  bot.setWebhook('https://elsewhere.example/hook');
  return () => {
    bot.setWebhook(null);
  };
}

const UNREACHABLE = { code: 8, en: /Telegram can’t be reached.*Nothing is lost/, ru: /Telegram недоступен.*Ничего не потеряно/ };
const NEWER = { begin: updateSchema, code: 6, en: /schema 2, newer than this program/, ru: /Схема журнала – 2, новее/ };

const TROUBLES: readonly Trouble[] = [
  {
    what: 'a full disk',
    begin: needRoom,
    preload: FULL_DISK,
    code: 3,
    en: /disk, the database or its log is full.*free some room/,
    ru: /Диск, база или её журнал транзакций заполнены.*освободите место/,
  },
  { what: 'a ledger of a newer schema', ...NEWER },
  { what: 'a ledger of a newer schema at install', args: ['install'], ...NEWER },
  { what: 'a ledger of a newer schema at status', args: ['status'], ...NEWER },
  { what: 'getUpdates answering HTML', begin: answerUpdates({ kind: 'html502' }), ...UNREACHABLE },
  { what: 'getUpdates answering nothing', begin: answerUpdates({ kind: 'emptyBody', processed: false }), ...UNREACHABLE },
  { what: 'getUpdates answering another JSON', begin: answerUpdates({ kind: 'otherJson', processed: false }), ...UNREACHABLE },
  {
    what: 'an account type that does not exist',
    begin: nothing,
    env: { TP_TG_NOTIFY_FILTERS_ACCOUNT_TYPES: NOWHERE },
    code: 2,
    en: /there is no account type .*nothing is lost/,
    ru: /типа счёта .* нет.*ничего не потеряно/,
  },
  {
    what: 'a customer group that does not exist',
    begin: nothing,
    env: { TP_TG_NOTIFY_FILTERS_CUSTOMER_GROUPS: NOWHERE },
    code: 2,
    en: /there is no customer group .*nothing is lost/,
    ru: /группы клиентов .* нет.*ничего не потеряно/,
  },
  {
    what: 'an end before the beginning',
    args: ['run', '--since', '24.11.2026', '--until', '2026-11-23'],
    begin: nothing,
    code: 2,
    en: /--until .* is not after --since/,
    ru: /--until .* не позже --since/,
  },
];

/** At these the program itself waits for seconds. */
const WAITED_OUT: readonly Trouble[] = [
  {
    what: 'a database that others keep locked',
    begin: lockDatabase,
    atOnce: true,
    code: 3,
    en: /Another program keeps the database locked.*Nothing is lost/,
    ru: /Базу держит занятой другая программа.*Ничего не потеряно/,
  },
  {
    what: 'a webhook',
    begin: setWebhook,
    code: 5,
    en: /webhook is set.*subscribed were told/,
    ru: /установлен вебхук.*Подписанным рассказано/,
  },
];

const READ_ONLY: Trouble = {
  what: 'a database that can only be read',
  begin: denyWriting,
  ...(IS_ROOT ? { uid: NOBODY } : {}),
  code: 3,
  en: /database can only be read.*right to write/,
  ru: /База доступна только для чтения.*право записи/,
};

/** In both languages, an operation waiting; then the trouble is over and the next run tells it. */
async function expectOvercome(site: ProcessSite, trouble: Trouble): Promise<void> {
  const told = site.operation();
  const end = trouble.begin(site);
  try {
    const say = (language: string): Promise<Ended> => site.call([...(trouble.args ?? SINCE_LAST), '--language', language], trouble).ended;
    const [english, russian] = trouble.atOnce === true ? await Promise.all([say('en'), say('ru')]) : [await say('en'), await say('ru')];
    for (const [ended, sentence] of [
      [english, trouble.en],
      [russian, trouble.ru],
    ] as const) {
      const said = `${ended.out}${ended.err}`;
      expect(said).toMatch(sentence);
      expect(said).not.toMatch(/\n +at |node:internal/);
      expect(said).not.toContain('run_failed');
      expect(ended.code).toBe(trouble.code);
    }
    expect(english.err).not.toMatch(/[а-я]/i);
  } finally {
    end();
  }
  expect(await site.start().ended).toMatchObject({ code: 0, err: '' });
  expect(told()).toMatchObject({ plain: 1, marked: 0 });
}

/** They share a site. */
const IN_TURN = { concurrent: false };

// Each on a site of its own, while the next suite's, one after another, are at work.
describe.concurrent('a run that has to wait', { timeout: 60_000 }, () => {
  it.each(WAITED_OUT)('meets $what: says so in both languages, and the next one finishes', async (trouble) => {
    const site = await openProcessSite({ guests: 1 });
    try {
      await expectOvercome(site, trouble);
    } finally {
      await site.close();
    }
  });
});

describe.concurrent('a run', { timeout: 60_000 }, () => {
  let site: ProcessSite;
  beforeAll(async () => {
    site = await openProcessSite({ guests: TROUBLES.length + 5 });
  });
  afterAll(() => site.close());

  it.each(TROUBLES)('meets $what: says so in both languages, and the next one finishes', IN_TURN, (trouble) =>
    expectOvercome(site, trouble),
  );
  it.skipIf(!CAN_BE_DENIED)(`meets ${READ_ONLY.what}: says so in both languages, and the next one finishes`, IN_TURN, () =>
    expectOvercome(site, READ_ONLY),
  );

  it.each([
    ['en', 'in doubt'],
    ['ru', 'под вопросом'],
  ])(
    'ends with 4 when what became of a call can’t be known, and the notice is told once more, marked: %s',
    IN_TURN,
    async (language, word) => {
      const told = site.operation();
      site.telegram.faults.add({ kind: 'closeAfterProcessing', method: 'sendMessage' });
      const ended = await site.call([...SINCE_LAST, '--language', language]).ended;
      expect({ ...ended, out: ended.out.toLowerCase() }).toMatchObject({ code: 4, out: expect.stringContaining(word) });
      site.database.exec("update delivery set changed_utc = changed_utc - 61000 where state = 'in_doubt'");
      expect((await site.start().ended).code).toBe(0);
      expect(told()).toMatchObject({ plain: 1, marked: 1 });
    },
  );

  it.each([
    ['en', /Brake: 1 notice/],
    ['ru', /Тормоз: разом ушло бы 1 уведомление/],
  ])('ends with 9 at the brake, and a yes lets go what it held: %s', IN_TURN, async (language, sentence) => {
    const told = site.operation(2 * DAY);
    const since = ['run', '--since', new Date(Date.now() - 4 * DAY).toISOString().slice(0, 10), '--language', language];
    const braked = await site.call(since, { env: { TP_TG_NOTIFY_RUN_BRAKE: '0' } }).ended;
    expect(braked).toMatchObject({ code: 9, out: expect.stringMatching(sentence) });
    expect(told()).toMatchObject({ plain: 0, marked: 0 });
    expect((await site.call([...since, '--yes']).ended).code).toBe(0);
    expect(told()).toMatchObject({ plain: 1, marked: 0 });
  });
});
