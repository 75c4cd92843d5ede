import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { preview } from '../../src/run/preview.ts';
import { openPlanReader } from '../../src/sqlite/ledger.ts';
import { MINUTE, noticesOf, subscribeOne } from '../support/guests.ts';
import { taskSettings } from '../support/task-settings.ts';
import { BOT_ID, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const TOP = 'bbbbbbbb-0000-4000-8000-000000000001';
const MIDDLE = 'bbbbbbbb-0000-4000-8000-000000000002';

const SINCE = {
  kind: 'since',
  since: '2026-11-01 00:00:00.000',
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
} as const;

let world: World;
beforeEach(async () => {
  world = await openWorld();
  const add = world.database.prepare('insert into tp_ClientGroups (clgr_ID, clgr_clgr_ID_Parent, clgr_Name) values (?, ?, ?)');
  add.run(TOP, null, 'Все');
  add.run(MIDDLE, TOP, 'Постоянные');
  world.database.prepare('update tp_ClientGroups set clgr_clgr_ID_Parent = ? where clgr_ID not in (?, ?)').run(MIDDLE, TOP, MIDDLE);
});
afterEach(() => world.close());

const textFor = (customerGroup: string, text: string) => ({ accountType: null, customerGroup, sign: 'any' as const, text: { ru: text } });

describe('an own text of a customer group', () => {
  it('reaches the guests of its descendants, and the nearest group’s wins', async () => {
    const guest = await subscribeOne(world);
    for (const templates of [
      [textFor(TOP, 'Верх: {amount}')],
      [textFor(TOP, 'Верх: {amount}'), textFor(MIDDLE, 'Середина: {amount}')],
      [textFor('bbbbbbbb-0000-4000-8000-000000000009', 'Чужая: {amount}')],
    ]) {
      world.operation(guest.customer, { ago: MINUTE });
      await world.clock.advance(2 * MINUTE);
      await world.run({ settings: { templates } });
    }
    const heads = noticesOf(guest).map((text) => /^(?:Верх|Середина|Чужая)/.exec(text)?.[0] ?? 'default');
    expect(heads).toEqual(['Верх', 'Середина', 'default']);
  });

  it('is shown by a dry run too', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    const reader = openPlanReader({ file: world.file, clock: world.clock, serverZone: 'Europe/Moscow' });
    const task = taskSettings({ templates: [textFor(TOP, 'Верх: {amount}')] });
    const { shown } = await preview(
      { reader, openGateway: world.operator.open },
      { ...SINCE, botId: BOT_ID, tasks: [task], asked: [task.id] },
      20,
    );
    await reader.close();
    expect(shown.map(({ html }) => html.slice(0, 4))).toEqual(['Верх']);
  });
});
