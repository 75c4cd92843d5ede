import type { Mutant } from './mutant.ts';

const PEOPLE = ['test/people/people.test.ts'];
const COMMANDS = ['test/crash/commands.test.ts'];

/** What administrators do: only scenes played by the command line are asked. */
export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a new key signs before the ledger knows it',
    promise: '6',
    file: 'src/cli/commands/keys.ts',
    from: `    const { next, revokesOld } = doors.prepareKey(site.keyPath, { revokeOld });
    await desk.saveKey(next.fingerprint);
    const { current, fingerprint } = doors.finishKey(site.keyPath);
`,
    to: `    const { revokesOld } = doors.prepareKey(site.keyPath, { revokeOld });
    const { current, fingerprint } = doors.finishKey(site.keyPath);
    await desk.saveKey(fingerprint);
`,
    tests: COMMANDS,
  },
  {
    name: 'a copy that is bound never gets its host’s key',
    promise: '8',
    file: 'src/cli/commands/bind.ts',
    from: '  if (newKey !== null) await desk.saveKey(newKey);\n',
    to: '',
    tests: COMMANDS,
  },
  {
    name: 'prune reaches what an overlap look still needs',
    promise: '2',
    file: 'src/cli/commands/prune.ts',
    from: 'age < YOUNGEST_DAYS * DAY_MS',
    to: 'age < DAY_MS',
    tests: PEOPLE,
  },
  {
    name: 'prune needs no yes',
    promise: '2',
    file: 'src/cli/commands/prune.ts',
    from: 'pruned: yes ? await desk.prune(botId, before) : null',
    to: 'pruned: await desk.prune(botId, before)',
    tests: PEOPLE,
  },
  {
    name: 'a backfill goes behind what prune has forgotten',
    promise: '2',
    file: 'src/cli/commands/run.ts',
    from: 'if (horizon !== null && since < horizon)',
    to: "if (horizon !== null && since < '')",
    tests: PEOPLE,
  },
  {
    name: 'a rotated key is not told to the ledger',
    promise: '6',
    file: 'src/cli/commands/keys.ts',
    from: '    await desk.saveKey(next.fingerprint);\n',
    to: '',
    tests: PEOPLE,
  },
  {
    name: 'retry takes every refusal for ours',
    promise: '2',
    file: 'src/core/outcome.ts',
    from: "['bad_text', 'too_long', 'bad_request', 'no_template', 'bad_record']",
    to: "['bad_text', 'too_long', 'bad_request', 'no_template', 'bad_record', 'given_up' as RefusalCode]",
    tests: PEOPLE,
  },
  {
    name: 'retry keeps the first planning’s age',
    promise: '1',
    file: 'sql/sqlite/procedures/desk_change.sql',
    from: 'not_before_utc = null, planned_utc = :now,\n',
    to: 'not_before_utc = null,\n',
    tests: ['test/contract/desk-sqlite.test.ts'],
  },
  {
    name: 'what a person resolved as delivered is told again',
    promise: '2',
    file: 'src/sqlite/desk-change.ts',
    from: "delivered: ['delivered', null]",
    to: "delivered: ['planned', null]",
    tests: PEOPLE,
  },
  {
    name: 'the fate of an SMS is asked for only an hour',
    promise: '5',
    file: 'src/run/invite-statuses.ts',
    from: 'const ASKED_FOR_MS = 3 * 86_400_000;',
    to: 'const ASKED_FOR_MS = 30 * 60_000;',
    tests: PEOPLE,
  },
  {
    name: 'the fate of an SMS is asked for ever',
    promise: '5',
    file: 'src/run/invite-statuses.ts',
    from: 'const ASKED_FOR_MS = 3 * 86_400_000;',
    to: 'const ASKED_FOR_MS = 300 * 86_400_000;',
    tests: PEOPLE,
  },
  {
    name: 'an SMS in doubt does not count as an invitation',
    promise: '2',
    file: 'sql/sqlite/procedures/invitees.sql',
    from: "and (v.state in ('sending', 'accepted', 'in_doubt') or (v.state = 'refused' and v.reason <> 'by_hand'))) as sent",
    to: "and (v.state in ('sending', 'accepted') or (v.state = 'refused' and v.reason <> 'by_hand'))) as sent",
    tests: PEOPLE,
  },
];
