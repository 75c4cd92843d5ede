import { INVITATION_STATES } from '../core/invitation.ts';
import type { Command } from './command.ts';

/** One option: commander's flags, and the name of its sentence in `render/help`. `choices` are checked before the command runs. */
export interface OptionSpec {
  readonly flags: string;
  readonly text: string;
  readonly choices?: readonly string[];
  readonly conflicts?: readonly string[];
}

/** A verb of the command line; `load` keeps `--help` from paying for what it doesn't use. */
export interface CommandSpec {
  /** `keys rotate` is a verb below a noun. */
  readonly name: string;
  readonly args?: string;
  readonly options: readonly OptionSpec[];
  /** Instead of the common options. */
  readonly common?: readonly OptionSpec[];
  readonly load: () => Promise<Command>;
}

const WAY: OptionSpec = { flags: '--way <way>', text: 'way', choices: ['agent', 'xp_cmdshell', 'none'] };
const TASK: OptionSpec = { flags: '--task <id>', text: 'task' };

/** Options of commands that need neither settings nor a database. */
const OFFLINE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--language <language>', text: 'language', choices: ['ru', 'en'] },
  { flags: '--json', text: 'json' },
];

/** Options of every other command. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--settings <file>', text: 'settings' },
  { flags: '--database <place>', text: 'database' },
  ...OFFLINE_OPTIONS,
];

/** The listing is the table of contents: in the order of an administrator's day. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'run',
    options: [
      { flags: '--since-last', text: 'sinceLast', conflicts: ['since', 'until'] },
      { flags: '--since <date>', text: 'since' },
      { flags: '--until <date>', text: 'until' },
      TASK,
      { flags: '--limit <n>', text: 'limit' },
      { flags: '--customer <id...>', text: 'customer' },
      { flags: '--operation <id...>', text: 'operation' },
      { flags: '--max-age <duration>', text: 'maxAge' },
      { flags: '--dry-run', text: 'dryRun', conflicts: ['markOnly'] },
      { flags: '--show <n>', text: 'show' },
      { flags: '--mark-only', text: 'markOnly' },
      { flags: '--yes', text: 'yes' },
    ],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'preview',
    args: '[operation]',
    options: [TASK, { flags: '--guest-language <language>', text: 'guestLanguage', choices: ['ru', 'en'] }],
    load: async () => (await import('./commands/preview.ts')).preview,
  },
  { name: 'status', options: [TASK], load: async () => (await import('./commands/status.ts')).status },
  {
    name: 'explain',
    args: '<key>',
    options: [TASK, { flags: '--limit <n>', text: 'explainLimit' }],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'resolve',
    args: '[row...]',
    options: [
      { flags: '--as <verdict>', text: 'resolveAs', choices: ['delivered', 'refused', 'again'] },
      { flags: '--reason <text>', text: 'reason' },
      { flags: '--all', text: 'resolveAll' },
      { flags: '--sms', text: 'resolveSms' },
      TASK,
    ],
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  {
    name: 'retry',
    args: '[row...]',
    options: [{ flags: '--reason <text>', text: 'retryReason' }, { flags: '--all', text: 'retryAll' }, TASK],
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  {
    name: 'invitations',
    options: [
      TASK,
      { flags: '--state <state>', text: 'invitationState', choices: INVITATION_STATES },
      { flags: '--reason <reason>', text: 'invitationReason' },
      { flags: '--customer <key>', text: 'invitationCustomer' },
      { flags: '--limit <n>', text: 'invitationLimit' },
    ],
    load: async () => (await import('./commands/invitations.ts')).invitations,
  },
  { name: 'link', args: '<customer>', options: [TASK], load: async () => (await import('./commands/link.ts')).link },
  {
    name: 'bot',
    options: [TASK, { flags: '--set-commands', text: 'setCommands' }, { flags: '--delete-webhook', text: 'deleteWebhook' }],
    load: async () => (await import('./commands/bot.ts')).bot,
  },
  { name: 'sms check', options: [TASK], load: async () => (await import('./commands/sms-check.ts')).checkSms },
  {
    name: 'sms test',
    args: '<phone>',
    options: [TASK, { flags: '--yes', text: 'smsTestYes' }],
    load: async () => (await import('./commands/sms-test.ts')).testSms,
  },
  {
    name: 'pause',
    options: [TASK, { flags: '--until <date>', text: 'pauseUntil' }],
    load: async () => (await import('./commands/pause.ts')).pause,
  },
  { name: 'resume', options: [TASK], load: async () => (await import('./commands/pause.ts')).resume },
  {
    name: 'install',
    options: [{ flags: '--paused', text: 'installPaused' }],
    load: async () => (await import('./commands/install.ts')).install,
  },
  { name: 'upgrade', options: [], load: async () => (await import('./commands/install.ts')).upgrade },
  {
    name: 'uninstall',
    options: [
      { flags: '--drop-ledger', text: 'dropLedger' },
      { flags: '--yes', text: 'bindYes' },
    ],
    load: async () => (await import('./commands/uninstall.ts')).uninstall,
  },
  { name: 'plan-sql', options: [], load: async () => (await import('./commands/plan-sql.ts')).planSql },
  {
    name: 'schedule print',
    options: [
      WAY,
      { flags: '--os <system>', text: 'os', choices: ['windows', 'linux'] },
      { flags: '--account <name>', text: 'account' },
      { flags: '--login <name>', text: 'login' },
      { flags: '--starter <name>', text: 'starter' },
      { flags: '--save <folder>', text: 'save' },
    ],
    load: async () => (await import('./commands/schedule.ts')).printSchedule,
  },
  { name: 'schedule check', options: [], load: async () => (await import('./commands/schedule.ts')).checkSchedule },
  { name: 'schedule set', options: [WAY], load: async () => (await import('./commands/schedule.ts')).setSchedule },
  {
    name: 'bind',
    options: [{ flags: '--restored [what]', text: 'restored', choices: ['mark', 'leave'] }, { flags: '--yes', text: 'bindYes' }, TASK],
    load: async () => (await import('./commands/bind.ts')).bind,
  },
  {
    name: 'prune',
    options: [{ flags: '--older-than <age>', text: 'olderThan' }, { flags: '--yes', text: 'bindYes' }, TASK],
    load: async () => (await import('./commands/prune.ts')).prune,
  },
  {
    name: 'keys rotate',
    options: [{ flags: '--revoke-old', text: 'revokeOld' }],
    load: async () => (await import('./commands/keys.ts')).rotateKeys,
  },
  { name: 'settings show', options: [TASK], load: async () => (await import('./commands/settings.ts')).showSettings },
  { name: 'settings schema', options: [], load: async () => (await import('./commands/settings.ts')).settingsSchema },
  {
    name: 'tpxl inspect',
    args: '<file>',
    options: [{ flags: '--extract <folder>', text: 'extract' }],
    common: OFFLINE_OPTIONS,
    load: async () => (await import('./commands/tpxl-inspect.ts')).inspectTpxl,
  },
  {
    name: 'tpxl verify',
    args: '<file>',
    options: [],
    common: OFFLINE_OPTIONS,
    load: async () => (await import('./commands/tpxl-verify.ts')).verifyTpxl,
  },
  {
    name: 'tpxl build',
    args: '<folder> <out>',
    options: [],
    common: OFFLINE_OPTIONS,
    load: async () => (await import('./commands/tpxl-build.ts')).buildTpxl,
  },
];
