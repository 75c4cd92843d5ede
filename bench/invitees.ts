import { fork } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { createSystemClock } from '../src/host/clock.ts';
import { preview } from '../src/run/preview.ts';
import { openPlanReader } from '../src/sqlite/ledger.ts';
import { benchSettings, BOT_ID, KEYS, removeSite, SMS_OFF } from './run-once.ts';
import { makeBenchSite } from './site.ts';

export interface Judged {
  readonly peakMiB: number;
  readonly ms: number;
  /** Invitations that a run would send. */
  readonly texts: number;
}

/** A process that does nothing but a dry run over so many customers without a subscription; every tenth has only a landline. */
export async function judgeInvitees(folder: string, customers: number): Promise<Judged> {
  const file = `${folder}/invitees.sqlite`;
  removeSite(file);
  makeBenchSite({ file, botId: BOT_ID, chatIds: [], perChat: 0, settled: 0, keyFingerprint: KEYS.fingerprint, now: Date.now() });
  addCustomers(file, customers);
  try {
    return await judgeInChild(file);
  } finally {
    removeSite(file);
  }
}

/** Each with one operation of the last hours and a free text with two numbers. */
function addCustomers(file: string, customers: number): void {
  const database = new DatabaseSync(file);
  const guid = (kind: number): string => `printf('%08d-0000-4000-8000-%012d', ${kind}, value)`;
  database.exec(`
    pragma synchronous = off;
    create temp table n as with recursive n(value) as (select 0 union all select value + 1 from n where value < ${customers - 1}) select value from n;
    insert into tp_People (pepl_ID, pepl_PhoneCell)
      select ${guid(7)}, '8 495 ' || printf('%07d', value) || iif(value % 10 = 0, '', '; 8 (916) ' || printf('%07d', value)) from n;
    insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name, clnt_pepl_ID)
      select ${guid(8)}, (select clgr_ID from tp_ClientGroups), 'Гость ' || value, ${guid(7)} from n;
    insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum)
      select ${guid(9)}, ${guid(8)}, (select cptp_ID from tp_ClientPurseTypes),
        strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (value % 7200 + 1) || ' seconds'), '1', -4500000 from n;
    analyze;
  `);
  database.close();
}

/** A small nursery and a heap of 40 MiB, so that the peak is what is held and not what wasn't collected yet. */
async function judgeInChild(file: string): Promise<Judged> {
  const child = fork(fileURLToPath(import.meta.url), ['--child', file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, '--max-semi-space-size=2', '--max-old-space-size=40'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (judged) => resolve(judged as Judged));
    child.once('exit', (code) => reject(new Error(`the dry run ended with ${code}`)));
  });
}

async function judge(file: string): Promise<Judged> {
  const reader = openPlanReader({ file, clock: createSystemClock() });
  const base = benchSettings({ apiRoot: 'http://127.0.0.1', broadcast: 'free', rate: 0, concurrency: 1 });
  const task = { ...base, sms: { ...SMS_OFF, operator: 'smsru', price: '4.5000' } } as const;
  const began = performance.now();
  const { invitations } = await preview(
    { reader, openGateway: () => ({ readCost: async () => ({ answer: 'unsupported' }), close: () => {} }) as never },
    {
      kind: 'since_last',
      botId: BOT_ID,
      tasks: [task],
      asked: [task.id],
      since: null,
      until: null,
      customers: null,
      operations: null,
      limit: null,
      maxAgeMs: null,
      yes: false,
    },
    20,
  );
  const ms = performance.now() - began;
  await reader.close();
  return { peakMiB: process.resourceUsage().maxRSS / 1024, ms, texts: invitations[0]?.texts ?? 0 };
}

if (process.argv[2] === '--child') process.send?.(await judge(process.argv[3] ?? ''));
