import { scene } from './site.ts';
import type { Scene } from './site.ts';

const DAY = 24 * 60;

/** A cause of ours is mended: what it refused is told once, without a mark, and nobody else's refusal is. */
export const retriesOurs: Scene = scene(async ({ world, site, customer, run, copies, pass }, expect) => {
  const blocker = world.customer('Борис');
  const boris = world.guest(blocker, 'Борис');
  await run();
  boris.block();
  const bad = world.operation(customer);
  world.operation(blocker);
  // A date that is none: no notice can be made of it.
  const breakDate = (to: string): void =>
    void world.database
      .prepare('update tp_ClientPurseOperations set cpop_Date = substr(cpop_Date, 1, 11) || ? where cpop_ID = ?')
      .run(to, bad);
  breakDate('noon');
  await pass(2 * 60);
  expect((await run()).code === 4, 'a refusal of ours does not end with 4');
  const { json } = await site.ask<{ refused: readonly { row: number; reason: string }[] }>('retry');
  expect(json.refused.length === 1 && json.refused[0]?.reason === 'bad_record', `listed: ${JSON.stringify(json.refused)}`);
  const row = String(json.refused[0]?.row);
  await site.command('retry', row, '--reason', 'too early');
  expect((await run()).code === 4, 'tried again while the cause stands it does not end with 4');
  breakDate('15:00:00.000');
  expect((await site.command('retry', '--all', '--reason', 'the date is mended')).code === 0, 'retry does not end with 0');
  expect((await run()).code === 0, 'the run after it does not end with 0');
  expect(copies().plain === 1 && copies().marked === 0, `told: ${JSON.stringify(copies())}`);
  expect((await site.command('retry', row, '--reason', 'once more')).code === 9, 'what was told is put back');
  await run();
  expect(copies().plain === 1, 'it was told twice');
  expect(boris.received.length === 1, 'who blocked the bot was told');
});

/** Details go, what was told stays told, and nobody looks behind the horizon. */
export const prunes: Scene = scene(async ({ world, site, customer, run, copies, pass }, expect) => {
  const doubted = world.customer('Вера');
  world.guest(doubted, 'Вера');
  site.settle('', 'inDoubt: ask');
  world.operation(customer);
  await run();
  world.telegram.faults.add({ kind: 'closeAfterProcessing', method: 'sendMessage' });
  world.operation(doubted);
  await run();
  await pass(100 * DAY);
  await run();
  const count = (table: string): number => Number(world.database.prepare(`select count(*) as n from ${table}`).get()?.['n']);
  const before = { attempt: count('attempt'), run: count('run') };
  expect((await site.command('prune', '--older-than', '36d', '--yes')).code === 2, 'what may still be needed is pruned');
  expect((await site.command('prune', '--older-than', '50d')).code === 9, 'prune asks for no yes');
  expect(count('attempt') === before.attempt && count('run') === before.run, 'without a yes something is forgotten');
  expect((await site.command('prune', '--older-than', '50d', '--yes')).code === 0, 'prune does not end with 0');
  expect(count('attempt') === 1, `${count('attempt')} attempts stay; the doubt’s own should`);
  expect(count('run') === 1, `${count('run')} runs stay; the newest should`);
  const date = (days: number): string => new Date(world.serverNow() - days * DAY * 60_000).toISOString().slice(0, 10);
  const behind = await site.command('run', '--since', date(90));
  expect(behind.code === 2 && behind.text.includes(date(50)), `a backfill behind the horizon: ${behind.code} ${behind.text}`);
  expect((await site.command('run', '--since', date(49))).code === 0, 'a backfill before the horizon does not go');
  await run();
  expect(copies().plain === 1 && copies().marked === 0, 'what was told was told again after prune');
  const { json } = await site.ask<{ inDoubt: readonly { attempts: readonly unknown[] }[] }>('resolve');
  expect(json.inDoubt[0]?.attempts.length === 1, 'the doubt has lost what it is about');
  expect((await site.command('explain', customer)).code === 0, 'explain fails after prune');
  expect((await site.command('prune', '--older-than', '50d', '--yes')).code === 0, 'a second prune does not end with 0');
});

/** Links that are out go on working under a new key; revoked, they are refused and their guests hear whom to ask. */
export const rotatesKeys: Scene = scene(async ({ world, site, run }, expect) => {
  const guests = ['Галина', 'Дмитрий', 'Елена'].map((name) => ({
    customer: world.customer(name),
    person: world.telegram.person({ name }),
  }));
  const active = (): number => Number(world.database.prepare("select count(*) as n from subscription where state = 'active'").get()?.['n']);
  const old = guests.map(({ customer }) => world.link(customer));
  expect((await site.command('keys', 'rotate')).code === 0, 'keys rotate does not end with 0');
  guests[0]?.person.start(old[0]);
  expect((await run()).code === 0, 'the run after a rotation does not end with 0');
  expect(active() === 2, 'a link made before the rotation is refused');
  expect((await site.command('keys', 'rotate', '--revoke-old')).code === 0, 'keys rotate --revoke-old does not end with 0');
  guests[1]?.person.start(old[1]);
  await run();
  expect(active() === 2, 'a revoked link works');
  const reasons = world.database.prepare('select reason from refused_link').all();
  expect(reasons.length === 1 && reasons[0]?.['reason'] === 'old_key', `refused: ${JSON.stringify(reasons)}`);
  const { json } = await site.ask<{ links: readonly { link: string }[] }>('link', guests[2]?.customer ?? '');
  const payload = /start=([\w-]+)/u.exec(JSON.stringify(json))?.[1];
  guests[2]?.person.start(payload);
  await run();
  expect(active() === 3, 'a link of the new key does not work');
});
