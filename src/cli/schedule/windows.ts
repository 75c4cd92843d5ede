import { win32 } from 'node:path';

import type { Installation } from './installation.ts';
import { programWords } from './installation.ts';
import { cmdWord, powershellText, windowsWord, xmlText } from './quote.ts';

/** The name under which xp_cmdshell's fixed command asks for it. */
export const ENTRY = 'tp-tg-notify';
export const ENTRY_FILE = 'tp-tg-notify.xml';

/** The program as one line that Windows takes apart again. */
export function commandLine(installation: Installation): string {
  return [installation.node, ...programWords(installation)].map(windowsWord).join(' ');
}

/**
 * The entry of the Task Scheduler, its parts in the order that the published schema gives (MS-TSCH; a trigger's are a sequence): every minute, several at once (a second one leaves word and goes), ended after a while. Pure ASCII without a
 * declared encoding, so that it can be imported however it was saved: as UTF-8, as UTF-16 with its mark, or in a code page.
 */
export function windowsEntry(installation: Installation): string {
  const { node, account, limitMinutes } = installation;
  const [folder = ''] = installation.folders;
  return `<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>tp-tg-notify</Author>
    <Description>Tells regular customers in Telegram about movements on their Tillypad accounts: tp-tg-notify run --since-last</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Repetition>
        <Interval>PT1M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(account)}</UserId>
      <LogonType>Password</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT${limitMinutes}M</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(node)}</Command>
      <Arguments>${xmlText(programWords(installation).map(windowsWord).join(' '))}</Arguments>
      <WorkingDirectory>${xmlText(folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

/** At cmd's prompt of an administrator, in the folder of the file. */
export function importCommand({ account }: Installation): string {
  return `schtasks /create /tn ${ENTRY} /xml ${ENTRY_FILE} /ru ${cmdWord(account)} /rp *`;
}

export function rightsCommands({ folders, account }: Installation): readonly string[] {
  return folders.map(
    (folder) => `icacls ${cmdWord(win32.normalize(folder).replace(/(?<!:)\\$/u, ''))} /grant ${cmdWord(`${account}:(OI)(CI)M`)}`,
  );
}

/** In PowerShell of an administrator: lets the account that xp_cmdshell works under start the entry, and nothing else. */
export function starterCommands(starter: string): readonly string[] {
  return [
    `$sid = (New-Object Security.Principal.NTAccount ${powershellText(starter)}).Translate([Security.Principal.SecurityIdentifier]).Value`,
    '$scheduler = New-Object -ComObject Schedule.Service; $scheduler.Connect()',
    `$entry = $scheduler.GetFolder('\\').GetTask('${ENTRY}')`,
    '$entry.SetSecurityDescriptor($entry.GetSecurityDescriptor(4) + "(A;;GRGX;;;$sid)", 0)',
  ];
}
