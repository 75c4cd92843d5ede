import { EXIT } from '../../core/exit-code.ts';
import type { Command } from '../command.ts';
import { renderUninstalled } from '../render/uninstall.ts';
import { openSite } from '../site.ts';

/** `uninstall`: takes away what `install` made; the ledger and the subscriptions only with `--drop-ledger --yes`. */
export const uninstall: Command = async (call) => {
  const dropLedger = call.flags['dropLedger'] === true;
  const site = await openSite(call, { token: false });
  const confirmed = !dropLedger || call.flags['yes'] === true;
  const said = confirmed ? await call.doors.uninstall(site.place, { dropLedger }) : [];
  const code = confirmed ? EXIT.done : EXIT.no;
  return {
    code,
    text: renderUninstalled({ confirmed, dropLedger, said, keyFile: site.keyPath }, site.language),
    json: { schema: 1, command: 'uninstall', exitCode: code, ledgerDropped: confirmed && dropLedger, said },
  };
};
