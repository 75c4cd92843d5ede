import type { StartWay } from '../../core/starting.ts';
import type { Installation, System } from './installation.ts';
import { wayScript } from './script.ts';
import { systemdUnit, systemdTimer, UNIT } from './systemd.ts';
import { ENTRY, ENTRY_FILE, importCommand, rightsCommands, starterCommands, windowsEntry } from './windows.ts';

/** A file to be run, imported or put in its place. */
export interface ScheduleFile {
  readonly name: string;
  readonly text: string;
}

/** One thing to do, in order. `say` names the sentence; the commands are typed, the file is used. */
export interface ScheduleStep {
  readonly say:
    | 'windowsAccount'
    | 'windowsEntry'
    | 'agentScript'
    | 'shellScript'
    | 'shellRight'
    | 'noneScript'
    | 'windowsTry'
    | 'linuxAccount'
    | 'linuxUnits'
    | 'linuxTry';
  readonly commands: readonly string[];
  readonly files: readonly ScheduleFile[];
}

export interface ScheduleWish {
  readonly way: StartWay;
  readonly system: System;
  /** The server's database; null on the embedded engine, where there is no server to tell. */
  readonly database: string | null;
}

/** Where the account behind xp_cmdshell isn't named: what a sysadmin's call runs under, with a default instance. */
const SERVICE_ACCOUNT = String.raw`NT SERVICE\MSSQLSERVER`;

/** Everything to run and click for a way, filled in; the schedule of every minute is always part of it. */
export function scheduleSteps(installation: Installation, wish: ScheduleWish): readonly ScheduleStep[] {
  const script: readonly ScheduleStep[] = wish.database === null ? [] : wayStep(installation, wish.way, wish.database);
  return wish.system === 'linux'
    ? [
        ...linuxSteps(installation),
        ...script,
        { say: 'linuxTry', commands: [`systemctl start ${UNIT}.service`, `journalctl -u ${UNIT}.service -n 20`], files: [] },
      ]
    : [
        { say: 'windowsAccount', commands: rightsCommands(installation), files: [] },
        { say: 'windowsEntry', commands: [importCommand(installation)], files: [{ name: ENTRY_FILE, text: windowsEntry(installation) }] },
        ...script,
        ...(wish.way === 'xp_cmdshell' ? [rightStep(installation)] : []),
        { say: 'windowsTry', commands: [`schtasks /run /tn ${ENTRY}`], files: [] },
      ];
}

function wayStep(installation: Installation, way: StartWay, database: string): readonly ScheduleStep[] {
  const say = { agent: 'agentScript', xp_cmdshell: 'shellScript', none: 'noneScript' } as const;
  return [{ say: say[way], commands: [], files: [{ name: `tp-tg-notify-${way}.sql`, text: wayScript(way, installation, database) }] }];
}

function rightStep({ starter }: Installation): ScheduleStep {
  return { say: 'shellRight', commands: starterCommands(starter || SERVICE_ACCOUNT), files: [] };
}

function linuxSteps(installation: Installation): readonly ScheduleStep[] {
  const folders = installation.folders.map((folder) => `'${folder.replaceAll("'", String.raw`'\''`)}'`);
  const account = installation.account;
  return [
    {
      say: 'linuxAccount',
      commands: [
        `useradd --system --shell /usr/sbin/nologin ${account}`,
        `mkdir -p ${folders.join(' ')}`,
        `chown -R ${account} ${folders.join(' ')}`,
      ],
      files: [],
    },
    {
      say: 'linuxUnits',
      commands: ['systemctl daemon-reload', `systemctl enable --now ${UNIT}.timer`],
      files: [
        { name: `${UNIT}.service`, text: systemdUnit(installation) },
        { name: `${UNIT}.timer`, text: systemdTimer() },
      ],
    },
  ];
}
