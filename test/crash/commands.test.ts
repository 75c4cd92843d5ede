import { describe, expect, it } from 'vitest';

import { openWorld } from '../support/world.ts';
import { commandWorld } from '../support/command-world.ts';
import { dieAt } from '../support/kill-points.ts';
import { dieEverywhere, DYING } from './commands.ts';

describe('a command that dies at any call to the outside', () => {
  it.each([
    ['keys rotate', ['doors.prepareKey', 'desk.saveKey', 'doors.finishKey']],
    ['keys rotate --revoke-old', ['doors.prepareKey', 'desk.saveKey', 'doors.finishKey']],
    ['bind', ['desk.saveKey', 'desk.bind']],
    ['bind --restored', ['desk.bind', 'memory.forget']],
    ['install', ['doors.createKeyring', 'doors.install', 'doors.install']],
  ])('`%s`: runs go on or say what to do, and given again it is finished', { timeout: 60_000 }, async (name, steps) => {
    const deaths = await dieEverywhere(DYING[name]!);
    expect(deaths.flatMap(({ diedAt, broken }) => broken.map((sentence) => `${diedAt}: ${sentence}`))).toEqual([]);
    // Every step that changes anything was died in, on both sides.
    const changes = deaths.map(({ diedAt }) => diedAt).filter((at) => at !== 'desk.readStatus');
    expect(changes).toEqual(steps.flatMap((step) => [step, step]));
  });

  it('leaves a rotation that `status` tells of, by the command that finishes it', async () => {
    const world = await openWorld();
    try {
      let dying: ReturnType<typeof dieAt> | null = null;
      const site = commandWorld(world, { through: (doors) => dying?.doors(doors) ?? doors });
      dying = dieAt({ call: 3, side: 'after' });
      await site.command('keys', 'rotate');
      expect(dying.diedAt()).toBe('desk.saveKey');
      dying = null;
      const { code, text } = await site.command('status');
      expect(code).toBe(9);
      expect(text).toContain('run `tp-tg-notify keys rotate` again');
      expect((await site.command('keys', 'rotate')).text).toContain('key no. 2');
      expect((await site.command('status')).text).not.toContain('keys rotate');
    } finally {
      await world.close();
    }
  });

  it('revokes also the key of a rotation that was broken off when it was known already', async () => {
    const world = await openWorld();
    try {
      let dying: ReturnType<typeof dieAt> | null = dieAt({ call: 3, side: 'after' });
      const site = commandWorld(world, { through: (doors) => dying?.doors(doors) ?? doors });
      await site.command('keys', 'rotate');
      dying = null;
      expect((await site.command('keys', 'rotate', '--revoke-old')).text).toContain('key no. 3');
      expect((await site.command('status')).text).not.toContain('keys rotate');
      expect((await site.command('run', '--since-last')).code).toBe(0);
    } finally {
      await world.close();
    }
  });
});
