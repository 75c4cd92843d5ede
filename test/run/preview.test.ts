import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunRequest } from '../../src/run/request.ts';
import { preview } from '../../src/run/preview.ts';
import type { DryRun } from '../../src/run/preview.ts';
import { taskSettings } from '../support/task-settings.ts';
import { BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const REQUEST: Omit<RunRequest, 'botId' | 'tasks' | 'asked'> = {
  kind: 'since_last',
  since: null,
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
};

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function dryRun(settings: Parameters<typeof taskSettings>[0] = {}): Promise<DryRun> {
  const reader = await world.openLedger();
  try {
    return await preview({ reader }, { ...REQUEST, botId: BOT_ID, tasks: [taskSettings(settings)], asked: ['default'] }, 20);
  } finally {
    await reader.close();
  }
}

describe('preview', () => {
  it.each([
    ['everything', {}],
    ['chosen account types', { accountTypes: [DEPOSIT] }],
  ])('counts before the very first run what that run plans, with %s', async (_what, settings) => {
    world.operation(world.customer());
    world.operation(world.customer());
    const before = await dryRun(settings);
    expect(before.tasks).toMatchObject([{ look: 'first', skipped: { not_subscribed: 2 }, unsubscribedCustomers: 2 }]);
    expect(world.states()).toEqual({});
    const { tasks } = await world.run({ settings });
    expect(tasks).toEqual(before.tasks);
  });

  it('shows the notices that the next run sends', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    await world.run();
    world.operation(customer, { sum: -450 });
    const { shown, tasks } = await dryRun();
    expect(tasks).toMatchObject([{ look: 'hot', planned: 1, notices: 1 }]);
    expect(shown).toMatchObject([{ customerId: customer, chatId: guest.chatId, operations: 1 }]);
    await world.run();
    expect(guest.received.at(-1)?.html).toBe(shown[0]?.html);
  });
});
