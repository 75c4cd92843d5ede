import { EXIT } from '../../core/exit-code.ts';
import { keysKnownAs } from '../../run/known-keys.ts';
import type { Command } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { CommandProblem } from '../problem.ts';
import { renderRotated } from '../render/keys.ts';
import { openSite } from '../site.ts';

/**
 * `keys rotate`: new links are signed with a new key; the ledger learns its fingerprint, further hosts need the new file. The file holds the new
 * key before the ledger knows it and lets it sign only afterwards, so that runs fit the ledger wherever this dies; done again it is finished.
 */
export const rotateKeys: Command = async (call) => {
  const revokeOld = call.flags['revokeOld'] === true;
  const site = await openSite(call, { token: false });
  const { doors } = call;
  const former = doors.openKeyring(site.keyPath);
  return atDesk(call, site, async (desk) => {
    const { place } = await readStatusReport(desk, null);
    // A key that the ledger doesn't know was made here by mistake: rotating it would make every link that is out a forged one.
    if (place !== undefined && keysKnownAs(former, place.keyFingerprint) === null)
      throw new CommandProblem(EXIT.usage, [{ code: 'key_differs', args: { expected: place.keyFingerprint } }]);
    // A rotation that the ledger knows of already is finished first: its key is the one that fits until the ledger knows the new one.
    if (revokeOld && place !== undefined && former.fingerprint !== place.keyFingerprint) doors.finishKey(site.keyPath);
    const { next, revokesOld } = doors.prepareKey(site.keyPath, { revokeOld });
    await desk.saveKey(next.fingerprint);
    const { current, fingerprint } = doors.finishKey(site.keyPath);
    const rotated = { file: site.keyPath, number: current, fingerprint, revokedOld: revokesOld };
    return {
      code: EXIT.done,
      text: renderRotated(rotated, site.language),
      json: { schema: 1, command: 'keys rotate', exitCode: EXIT.done, ...rotated },
    };
  });
};
