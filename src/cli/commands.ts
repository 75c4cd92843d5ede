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
  readonly load: () => Promise<Command>;
}

const TASK: OptionSpec = { flags: '--task <id>', text: 'task' };

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
      TASK,
    ],
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  { name: 'link', args: '<customer>', options: [TASK], load: async () => (await import('./commands/link.ts')).link },
  {
    name: 'bot',
    options: [TASK, { flags: '--set-commands', text: 'setCommands' }],
    load: async () => (await import('./commands/bot.ts')).bot,
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
    name: 'bind',
    options: [{ flags: '--restored [what]', text: 'restored', choices: ['mark', 'leave'] }, { flags: '--yes', text: 'bindYes' }, TASK],
    load: async () => (await import('./commands/bind.ts')).bind,
  },
  {
    name: 'keys rotate',
    options: [{ flags: '--revoke-old', text: 'revokeOld' }],
    load: async () => (await import('./commands/keys.ts')).rotateKeys,
  },
  { name: 'settings show', options: [TASK], load: async () => (await import('./commands/settings.ts')).showSettings },
  { name: 'settings schema', options: [], load: async () => (await import('./commands/settings.ts')).settingsSchema },
];

/** Options of every command. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--settings <file>', text: 'settings' },
  { flags: '--database <place>', text: 'database' },
  { flags: '--language <language>', text: 'language', choices: ['ru', 'en'] },
  { flags: '--json', text: 'json' },
];
