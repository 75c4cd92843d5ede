import { EXIT } from '../../core/exit-code.ts';
import type { LedgerPlace } from '../../core/standing.ts';
import type { Desk } from '../../ports/desk.ts';
import { keysKnownAs } from '../../run/known-keys.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { renderBindPlan, renderBound } from '../render/bind.ts';
import type { BindPlan, Bound } from '../render/bind.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';
import { zoneOf } from '../zone.ts';

type Restored = 'mark' | 'leave' | null;

/**
 * `bind`: a person says that this copy is a site of its own, or that a database set back in time is to be gone on with. Without `--yes` it
 * only says what it would do.
 */
export const bind: Command = async (call) => {
  const restored = readRestored(call.flags['restored']);
  // What was told in the gap is told per bot, so the settings must name it; a copy may lack the secrets.
  const site = await openSite(call, { token: restored !== null });
  return atDesk(call, site, async (desk) => {
    const { place } = await readStatusReport(desk, null);
    const plan: BindPlan = { restored, place: place ?? null, newKey: newKeyOf(call, site, { place, restored }) };
    return call.flags['yes'] === true ? carryOut(call, desk, { site, plan }) : explain(site, plan);
  });
};

function readRestored(flag: unknown): Restored {
  if (flag === true) return 'mark';
  return flag === 'mark' || flag === 'leave' ? flag : null;
}

/** A copy that becomes a site of its own takes the key of the host that says so; null where nothing changes or there is none. */
function newKeyOf(
  call: CommandCall,
  site: Site,
  of: { readonly place: LedgerPlace | undefined; readonly restored: Restored },
): string | null {
  if (of.restored !== null || of.place === undefined) return null;
  try {
    const keys = call.doors.openKeyring(site.keyPath);
    return keysKnownAs(keys, of.place.keyFingerprint) === null ? keys.fingerprint : null;
  } catch (error) {
    if (error instanceof Error && error.name === 'KeyringProblem') return null;
    throw error;
  }
}

function explain(site: Site, plan: BindPlan): CommandResult {
  const { restored, place, newKey } = plan;
  return {
    code: EXIT.no,
    text: renderBindPlan(plan, { language: site.language, zone: zoneOf(site.tasks) }),
    json: {
      schema: 1,
      command: 'bind',
      exitCode: EXIT.no,
      done: false,
      restored,
      boundTo: place?.boundTo ?? null,
      here: place?.here ?? null,
      newKey,
    },
  };
}

async function carryOut(
  call: CommandCall,
  desk: Desk,
  { site, plan }: { readonly site: Site; readonly plan: BindPlan },
): Promise<CommandResult> {
  const { restored, newKey } = plan;
  const bots = restored === null ? [null] : site.bots.map(({ botId }) => botId);
  // Before the place: whoever dies in between leaves a copy as before, and a copy says that it wants `bind`.
  if (newKey !== null) await desk.saveKey(newKey);
  let bound: Bound = { restored, place: '', marked: 0, newKey };
  for (const botId of bots) {
    const { place, marked } = await desk.bind({ botId, restored });
    bound = { ...bound, place, marked: bound.marked + marked };
  }
  if (restored !== null) {
    const memory = call.doors.openMemory(site.memoryPath, site.place);
    for (const { botId } of site.bots) memory.forget(botId);
  }
  return {
    code: EXIT.done,
    text: renderBound(bound, { language: site.language, zone: zoneOf(site.tasks) }),
    json: { schema: 1, command: 'bind', exitCode: EXIT.done, done: true, ...bound },
  };
}
