import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { commandWorld } from '../support/command-world.ts';
import { measureLedger } from './measure.ts';
import type { Restaurant } from './restaurant.ts';

/** The ledger right after a prune, and how many operations it has told of by then. */
export interface PrunedLedger {
  readonly day: number;
  readonly operations: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Who keeps a restaurant running: what was done, and what was not as promised, a sentence each. */
export interface Keeper {
  readonly restaurant: Restaurant;
  readonly upkeep: string[];
  readonly pruned: PrunedLedger[];
  readonly broken: string[];
  readonly tell: (line: string) => void;
}

/** Once in a while details of long ago are forgotten and the links' key is changed; links that are out go on working. */
export async function pruneAndRotate(keeper: Keeper, day: number): Promise<void> {
  const { restaurant, broken } = keeper;
  const { world, site } = restaurant;
  const before = measureLedger(restaurant);
  const began = performance.now();
  const pruned = await site.command('prune', '--older-than', '90d', '--yes');
  const pruneMs = performance.now() - began;
  const after = measureLedger(restaurant);
  if (pruned.code !== 0) broken.push(`prune on day ${day} ended with ${pruned.code}: ${pruned.text}`);
  keeper.pruned.push({ day, operations: restaurant.made, rows: after.ledgerRows, bytes: after.ledgerBytes });
  const guest = restaurant.newGuest();
  const out = world.customer('Новый гость');
  const { json } = await site.ask<object>('link', out);
  if ((await site.command('keys', 'rotate')).code !== 0) broken.push(`keys rotate on day ${day} failed`);
  guest.start(/start=([\w-]+)/u.exec(JSON.stringify(json))?.[1]);
  await world.clock.advance(60_000);
  await site.command('run', '--since-last');
  const bound = world.database.prepare('select state from subscription where customer_id = ?').get(out);
  if (bound?.['state'] !== 'active') broken.push(`a link of the former key did not work on day ${day}`);
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  say(
    keeper,
    `day ${day}: prune took ${(pruneMs / 1000).toFixed(1)} s, rows ${before.ledgerRows} → ${after.ledgerRows}, ${mb(before.ledgerBytes)} → ${mb(after.ledgerBytes)} MB; the key is rotated`,
  );
}

/** The program is installed over the ledger as it stands; a copy of it stays silent, and a newer ledger is refused. */
export async function upgrade(keeper: Keeper, day: number): Promise<void> {
  const { restaurant, broken } = keeper;
  const { world, site } = restaurant;
  const { database } = world;
  const must = async (code: number, what: string, ...argv: readonly string[]): Promise<void> => {
    const ended = await site.command(...argv);
    if (ended.code !== code) broken.push(`${what} on day ${day} ended with ${ended.code}: ${ended.text.slice(0, 300)}`);
  };
  const rows = (): string =>
    JSON.stringify(database.prepare('select state, count(*) as n, max(changed_utc) as at from delivery group by state').all());
  const before = rows();
  await must(0, 'install over the ledger', 'install');
  if (rows() !== before) broken.push('install changed rows of the ledger');
  database.exec('update ledger_schema set version = version + 1');
  await must(6, 'install over a newer ledger', 'install');
  await must(6, 'a run on a newer ledger', 'run', '--since-last');
  database.exec('update ledger_schema set version = version - 1');
  // An older state of the ledger, put elsewhere as for a trial of the upgrade.
  database.exec('pragma wal_checkpoint(truncate)');
  const folder = join(world.folder, 'copy');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  copyFileSync(world.file, join(folder, 'site.sqlite'));
  copyFileSync(site.keyPath, join(folder, 'key.json'));
  const copy = commandWorld({ ...world, folder, file: join(folder, 'site.sqlite') });
  const calls = world.telegram.calls.length;
  const installed = await copy.command('install');
  const ran = await copy.command('run', '--since-last');
  if (installed.code !== 7 || ran.code !== 7) broken.push(`the copy: install ended with ${installed.code}, run with ${ran.code}`);
  if (world.telegram.calls.length !== calls) broken.push('the copy called Telegram');
  rmSync(folder, { recursive: true });
  say(keeper, `day ${day}: installed over the ledger without a change; a newer one refused; a copy stays silent`);
}

function say({ upkeep, tell }: Keeper, line: string): void {
  upkeep.push(line);
  tell(line);
}
