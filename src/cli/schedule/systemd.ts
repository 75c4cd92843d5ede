import type { Installation } from './installation.ts';
import { programWords } from './installation.ts';
import { systemdWord } from './quote.ts';

export const UNIT = 'tp-tg-notify';

/** 8 is no failure: a service is unreachable or limits us, and the rows go by themselves. */
export function systemdUnit(installation: Installation): string {
  const words = programWords(installation).map((word) => systemdWord(word));
  return `[Unit]
Description=Tells regular customers in Telegram about movements on their Tillypad accounts
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${installation.account.replaceAll('%', '%%')}
ExecStart=${[systemdWord(installation.node, 'program'), ...words].join(' ')}
SuccessExitStatus=8
TimeoutStartSec=${installation.limitMinutes}min
UMask=0077
NoNewPrivileges=yes
`;
}

export function systemdTimer(): string {
  return `[Unit]
Description=Every minute: ${UNIT}.service

[Timer]
OnCalendar=*-*-* *:*:00
AccuracySec=1s
Persistent=yes

[Install]
WantedBy=timers.target
`;
}
