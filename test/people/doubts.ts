import { scene } from './site.ts';
import type { PeopleSite, Scene } from './site.ts';

/** What leaves a notice in doubt; `arrived`: the guest has it all the same. */
export const DOUBTS = [
  { kind: 'closeAfterProcessing', arrived: true },
  { kind: 'halfAnswer', arrived: true },
  { kind: 'json500', arrived: false },
  { kind: 'html502', arrived: false },
  { kind: 'emptyBody', arrived: true },
  { kind: 'hang', arrived: false },
] as const;
type Doubt = (typeof DOUBTS)[number];

async function fallIntoDoubt({ world, customer, run }: PeopleSite, { kind, arrived }: Doubt): Promise<number> {
  const processed = kind === 'json500' || kind === 'html502' || kind === 'emptyBody' || kind === 'hang' ? { processed: arrived } : {};
  world.telegram.faults.add({ kind, method: 'sendMessage', ...processed });
  world.operation(customer);
  return (await run()).code;
}

async function listed({ site }: PeopleSite): Promise<readonly number[]> {
  const { json } = await site.ask<{ inDoubt: readonly { row: number }[] }>('resolve');
  return json.inDoubt.map(({ row }) => row);
}

/** Told once more by itself, marked, a quarter of an hour later and not before; a second doubt waits for a person. */
export function repeats(doubt: Doubt): Scene {
  return scene(async (site, expect) => {
    const first = doubt.arrived ? 1 : 0;
    expect((await fallIntoDoubt(site, doubt)) === 4, 'a new doubt does not end with 4');
    expect((await listed(site)).length === 1, 'the doubt is not listed');
    await site.pass(10);
    await site.run();
    expect(site.copies().marked === 0, 'it was repeated before its time');
    await site.pass(10);
    expect((await site.run()).code === 0, 'the repeat does not end with 0');
    expect(site.copies().marked === 1 && site.copies().plain === first, `after the repeat: ${JSON.stringify(site.copies())}`);
    await site.pass(600);
    await site.run();
    expect(site.copies().marked === 1, 'it was repeated twice');
    // Anew, and the repeat is lost as well.
    await fallIntoDoubt(site, doubt);
    site.world.telegram.faults.add({ kind: 'closeBeforeProcessing', method: 'sendMessage' });
    await site.pass(20);
    await site.run();
    await site.pass(600);
    await site.run();
    expect(site.copies().marked === 1, 'a second doubt was repeated without a person');
    const rows = await listed(site);
    expect(rows.length === 1, 'the second doubt is not listed');
    await site.site.command('resolve', String(rows[0]), '--as', 'delivered', '--reason', 'the guest showed it');
    expect((await listed(site)).length === 0, 'what was resolved is still listed');
    await site.run();
    expect(site.copies().marked === 1, 'what was resolved as delivered was told again');
  });
}

/** Left to a person: told again only by `resolve --as again`, and then marked. */
export function asks(doubt: Doubt, verdict: 'delivered' | 'refused' | 'again'): Scene {
  return scene(async (site, expect) => {
    site.site.settle('', 'inDoubt: ask');
    const first = doubt.arrived ? 1 : 0;
    await fallIntoDoubt(site, doubt);
    for (let day = 0; day < 4; day += 1) {
      await site.pass(24 * 60);
      await site.run();
    }
    expect(site.copies().plain === first && site.copies().marked === 0, 'it was told again without a person');
    const [row] = await listed(site);
    expect(row !== undefined, 'the doubt is not listed after days');
    const resolved = await site.site.command('resolve', String(row), '--as', verdict, '--reason', 'asked the guest');
    expect(resolved.code === 0, `resolve ends with ${resolved.code}`);
    const twice = await site.site.command('resolve', String(row), '--as', 'delivered', '--reason', 'once more');
    expect(twice.code === 9, `resolving again ends with ${twice.code}`);
    await site.run();
    const { plain, marked } = site.copies();
    expect(plain === first && marked === (verdict === 'again' ? 1 : 0), `after ${verdict}: ${plain} plain, ${marked} marked`);
    const state = Object.keys(site.world.states());
    expect(state.length === 1 && state[0] === (verdict === 'refused' ? 'refused' : 'delivered'), `it ends ${state.join()}`);
    const story = await site.site.command('explain', site.customer);
    expect(story.text.includes('asked the guest'), 'explain does not tell who resolved it and why');
  });
}

/** Never told again; the next run writes it off. */
export function givesUp(doubt: Doubt): Scene {
  return scene(async (site, expect) => {
    site.site.settle('', 'inDoubt: giveUp');
    expect((await fallIntoDoubt(site, doubt)) === 4, 'a new doubt does not end with 4');
    await site.run();
    expect((await listed(site)).length === 0, 'what was given up is still listed');
    expect(site.world.states()['refused'] === 1, `it ends ${JSON.stringify(site.world.states())}`);
    for (let day = 0; day < 4; day += 1) {
      await site.pass(24 * 60);
      await site.run();
    }
    await site.site.command('retry', '--all', '--reason', 'it was not ours');
    await site.run();
    expect(site.copies().plain === (doubt.arrived ? 1 : 0) && site.copies().marked === 0, 'what was given up was told again');
  });
}
