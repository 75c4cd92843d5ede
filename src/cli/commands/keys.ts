import { EXIT } from '../../core/exit-code.ts';
import type { Command } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { CommandProblem } from '../problem.ts';
import { renderRotated } from '../render/keys.ts';
import { openSite } from '../site.ts';

/** `keys rotate`: new links are signed with a new key; the ledger learns its fingerprint, further hosts need the new file. */
export const rotateKeys: Command = async (call) => {
  const revokeOld = call.flags['revokeOld'] === true;
  const site = await openSite(call, { token: false });
  const { doors } = call;
  const former = doors.openKeyring(site.keyPath);
  return atDesk(call, site, async (desk) => {
    const { place } = await readStatusReport(desk, null);
    // A key that the ledger doesn't know was made here by mistake: rotating it would make every link that is out a forged one.
    if (place !== undefined && place.keyFingerprint !== former.fingerprint)
      throw new CommandProblem(EXIT.usage, [{ code: 'key_differs', args: { expected: place.keyFingerprint } }]);
    const { current, fingerprint } = doors.rotateKey(site.keyPath, { revokeOld });
    await desk.saveKey(fingerprint);
    const rotated = { file: site.keyPath, number: current, fingerprint, revokedOld: revokeOld };
    return {
      code: EXIT.done,
      text: renderRotated(rotated, site.language),
      json: { schema: 1, command: 'keys rotate', exitCode: EXIT.done, ...rotated },
    };
  });
};
