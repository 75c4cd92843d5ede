import type { Directories } from './directories.ts';
import type { Random } from './random.ts';
import type { Tables } from './tables.ts';
import { toWallTime } from './wall-time.ts';

/** What one check gives to every movement that it causes, and its total in whole roubles. */
export interface Check {
  readonly total: number;
  readonly marks: {
    readonly authorization: string;
    readonly cashier: string;
    readonly document: string;
    readonly external: string | null;
  };
}

/** The chain's tills: they number the checks and write the authorisations. */
export interface Till {
  readonly tables: Tables;
  readonly random: Random;
  readonly directories: Directories;
  documents: number;
}

export function openCheck(till: Till, at: number): Check {
  const { random, directories } = till;
  till.documents += 1;
  // The last division is closed, the one before it delivers and brings an outside transaction's number along.
  const place = random.below(directories.divisions.length - 1);
  const delivery = place === directories.divisions.length - 2;
  const authorization = random.guid();
  const document = `Чек № ${place + 1}-${String(till.documents).padStart(6, '0')}`;
  till.tables.tp_AuthorizationOperations.add([authorization, directories.divisions[place] ?? null, toWallTime(at), document]);
  const share = random.below(1000) / 1000;
  return {
    total: 200 + 10 * Math.floor(share * share * 580),
    marks: { authorization, cashier: random.pick(directories.staff), document, external: delivery ? `web-${till.documents}` : null },
  };
}

export function numberByHand(till: Till): string {
  till.documents += 1;
  return `Д-${String(till.documents).padStart(6, '0')}`;
}
