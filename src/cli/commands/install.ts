import { EXIT } from '../../core/exit-code.ts';
import type { ExitCode } from '../../core/exit-code.ts';
import type { Finding } from '../../core/settings.ts';
import type { InstallReport } from '../../ports/desk.ts';
import type { Keyring } from '../../ports/host.ts';
import { keysKnownAs } from '../../run/known-keys.ts';
import type { Command, CommandCall, CommandResult } from '../command.ts';
import { atDesk, readStatusReport } from '../desk.ts';
import { renderInstalled } from '../render/install.ts';
import type { FilledNotes } from '../render/install.ts';
import { NOTE_TYPE, noteTypesOf, openSite } from '../site.ts';
import type { Site } from '../site.ts';
import type { InstallWish } from '../doors.ts';
import { zoneOf } from '../zone.ts';

/** `install`: the link key beside the settings, then the ledger in the database. Done again it changes nothing. */
export const install: Command = (call) => installAs(call, 'install');

/** `upgrade`: the same after an update of the program or of Tillypad; it never pauses. */
export const upgrade: Command = (call) => installAs(call, 'upgrade');

async function installAs(call: CommandCall, command: 'install' | 'upgrade'): Promise<CommandResult> {
  const paused = call.flags['paused'] === true;
  const site = await openSite(call, { token: false });
  const { keyring, created } = call.doors.createKeyring(site.keyPath);
  const { report, notes } = await installAll(call, site, {
    keyFingerprint: keyring.fingerprint,
    paused,
    // An upgrade is the script and nothing else.
    mayLeaveScript: command === 'install',
  });
  const found = await findAfter(call, site, keyring);
  const findings = keyring.readableByOthers ? [...found.findings, { code: 'key_readable', args: { file: site.keyPath } }] : found.findings;
  const key = { file: site.keyPath, created };
  const hasToken = site.bots.length > 0;
  const installed = { report, notes, key, paused, hasToken, hasRun: found.hasRun, findings, ready: found.code === EXIT.done };
  return {
    code: found.code,
    text: renderInstalled(installed, { language: site.language, zone: zoneOf(site.tasks) }),
    json: {
      schema: 1,
      command,
      exitCode: found.code,
      key,
      steps: report.steps,
      notes: report.notes,
      scriptLeft: report.scriptLeft === true,
      said: report.said ?? [],
      ledgerSchema: report.schema,
      findings,
      ...(report.statements === undefined ? {} : { statements: report.statements }),
    },
  };
}

/** Tasks may keep the chat in notes of different names; each type is made once. */
async function installAll(
  call: CommandCall,
  site: Site,
  request: Omit<InstallWish, 'noteType'>,
): Promise<{ readonly report: InstallReport; readonly notes: readonly FilledNotes[] }> {
  const [first = NOTE_TYPE, ...further] = noteTypesOf(site.tasks);
  let report = await call.doors.install(site.place, { ...request, noteType: first });
  const notes = [{ noteType: first, filled: report.notes, trusted: trusts(site, first) }];
  for (const noteType of further) {
    const more = await call.doors.install(site.place, { ...request, noteType });
    notes.push({ noteType, filled: more.notes, trusted: trusts(site, noteType) });
    report = {
      ...report,
      steps: [...report.steps, ...more.steps.filter(({ step }) => step === 'note_type')],
      notes: report.notes + more.notes,
    };
  }
  return { report, notes };
}

/** Of each bot's tasks the first speaks for the notes. */
function trusts({ tasks }: Site, noteType: string): boolean {
  return tasks.find(({ subscriptions }) => subscriptions.noteType === noteType)?.subscriptions.trustNotes ?? true;
}

/** An older ledger keeps its key and its place: whether this host fits it shows only afterwards. */
async function findAfter(
  call: CommandCall,
  site: Site,
  keys: Keyring,
): Promise<{ readonly code: ExitCode; readonly findings: readonly Finding[]; readonly hasRun: boolean }> {
  const { place, runs } = await atDesk(call, site, (desk) => readStatusReport(desk, null));
  const hasRun = runs.length > 0;
  if (place === undefined) return { code: EXIT.done, findings: [], hasRun };
  if (place.boundTo !== place.here)
    return { code: EXIT.place, findings: [{ code: 'install_copy', args: { boundTo: place.boundTo, here: place.here } }], hasRun };
  if (keysKnownAs(keys, place.keyFingerprint) !== null) return { code: EXIT.done, findings: [], hasRun };
  const args = { expected: place.keyFingerprint, file: site.keyPath };
  return { code: EXIT.usage, findings: [{ code: 'install_other_key', args }], hasRun };
}
