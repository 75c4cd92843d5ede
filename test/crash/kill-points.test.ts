import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { findBroken } from './matrix/judge.ts';
import { collect, playCuts, playPorts, playWire } from './matrix/matrix.ts';
import type { Window } from './matrix/matrix.ts';
import { crashPage, PAGES } from './matrix/page.ts';

let ports: readonly Window[] = [];
let wire: readonly Window[] = [];

/** Played once for all that is held against it. */
beforeAll(async () => {
  ports = await collect(playPorts({ gateway: 'smsru', extent: 'short' }));
  wire = await collect(playWire({ gateway: 'smsru', extent: 'short' }));
}, 600_000);

describe('a run killed at any call of its ports, and on any byte of its exchanges that matters', () => {
  it('is followed by runs that tell every guest once, or once more with a mark, and send no SMS twice', () => {
    const broken = [...ports, ...wire].flatMap(({ place, aftermath }) =>
      findBroken(aftermath).map((sentence) => `${JSON.stringify(place)}: ${sentence}`),
    );
    expect(broken).toEqual([]);
  });

  it('had subscriptions, a plan, two batches of notices and invitations to die in', () => {
    const calls = ports.map(({ place }) => (place.kind === 'port' ? `${place.side} ${place.call}` : ''));
    for (const call of ['openRun', 'saveUpdates', 'savePoll', 'plan', 'saveInvitations', 'saveStatuses', 'finishRun'])
      for (const side of ['before', 'after']) expect(calls).toContain(`${side} ledger.${call}`);
    for (const call of ['before memory.remember', 'after memory.remember']) expect(calls).toContain(call);
    const count = (call: string): number => calls.filter((one) => one === call).length;
    expect([count('before telegram.send'), count('after telegram.send')]).toEqual([4, 4]);
    expect([count('before operator.send'), count('after operator.send')]).toEqual([2, 2]);
  });

  it('leaves in doubt what was on its way, and nothing else', () => {
    const doubtful = (windows: readonly Window[]): Set<string> =>
      new Set(
        windows
          .filter(({ aftermath }) => aftermath.later[0]?.exitCode === 4)
          .map(({ place }) => (place.kind === 'wire' ? place.method : place.call)),
      );
    const onTheWay = ['ledger.advance', 'ledger.advanceInvitations', 'ledger.readClock', 'operator.send', 'telegram.send'];
    expect([...doubtful(ports)].toSorted()).toEqual(onTheWay);
    expect([...doubtful(wire)].toSorted()).toEqual(['/sms/send', 'sendMessage']);
  });

  it('repeats what a service did and what it never did alike, because nobody can know', () => {
    const told = (stage: string) =>
      wire.find(({ place }) => place.kind === 'wire' && place.method === 'sendMessage' && place.number === 2 && place.stage === stage)
        ?.aftermath.told;
    expect(told('unprocessed')).toContainEqual({ plain: 0, marked: 1 });
    expect(told('processed')?.filter(({ plain, marked }) => plain === 1 && marked === 1)).toHaveLength(2);
  });

  it.each(['en', 'ru'] as const)('is what the page says in %s; else: npm run prove -- --chapter crash', (language) => {
    const page = readFileSync(new URL(`../../${PAGES[language]}`, import.meta.url), 'utf8');
    expect(crashPage([...ports, ...wire], language)).toBe(page);
  });
});

describe('a process that lives on when its connection to the database is cut, at any call of the ledger', () => {
  it('begins no sending any more, and the runs after it tell every guest as if it had died', { timeout: 120_000 }, async () => {
    const cuts = await collect(playCuts({ gateway: 'smsru', extent: 'short' }));
    expect(
      cuts.flatMap(({ place, aftermath }) => findBroken(aftermath).map((sentence) => `${JSON.stringify(place)}: ${sentence}`)),
    ).toEqual([]);
    const calls = cuts.map(({ place }) => (place.kind === 'wire' ? '' : `${place.side} ${place.call}`));
    for (const call of ['before ledger.advance', 'after ledger.advance', 'after ledger.advanceInvitations', 'after ledger.finishRun'])
      expect(calls).toContain(call);
  });
});
