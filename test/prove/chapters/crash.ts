import { writeFileSync } from 'node:fs';

import { GATEWAYS } from '../../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import { findBroken } from '../../crash/matrix/judge.ts';
import { collect, playPorts, playWire } from '../../crash/matrix/matrix.ts';
import type { Window } from '../../crash/matrix/matrix.ts';
import { crashPage, PAGES } from '../../crash/matrix/page.ts';
import type { Chapter, ProveWish, Reach, WorkWish } from '../chapter.ts';
import { addDeath, deathRows, NO_DEATHS } from './deaths.ts';
import type { Deaths } from './deaths.ts';

const KINDS = ['ports', 'wire'] as const;
type Kind = (typeof KINDS)[number];
/** Of each operator, both ways of dying, and the pages. */
const PARTS = [...GATEWAYS.flatMap((gateway) => KINDS.map((kind) => ({ name: `${gateway} ${kind}`, gateway, kind }))), null] as const;
const PAGES_PART = 'pages';
/** Before and after each call of a port. */
const SIDES = 2;

interface Part extends Deaths {
  readonly whole: boolean;
}

interface Sum {
  readonly parts: Readonly<Record<string, Part>>;
}

/**
 * A run dies at every call of its ports and on every byte of its exchanges that matters, with each operator in turn; the runs after it go on. Writes
 * the page that tells of the windows.
 */
export const crash: Chapter = {
  name: 'crash',
  unit: 'parts',
  msEach: 60_000,
  reach: (wish) => reachOf(read(wish)),
  work: async (wish) => {
    for (const part of PARTS) {
      const name = part?.name ?? PAGES_PART;
      const before = read(wish).parts[name] ?? { ...NO_DEATHS, whole: false };
      if (before.whole || performance.now() > wish.deadline) continue;
      const keep = (after: Part): void => wish.progress.write('crash', { parts: { ...read(wish).parts, [name]: after } } satisfies Sum);
      if (part === null) await writePages(wish);
      keep(part === null ? { ...NO_DEATHS, whole: true } : await playPart(wish, part, before));
    }
  },
  report: (wish) => {
    const sum = read(wish);
    const parts = Object.values(sum.parts);
    const { done, of } = reachOf(sum);
    return deathRows(parts, { done: parts.length === 0 ? 0 : Math.max(done, 0.5), of });
  },
};

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('crash') ?? { parts: {} };
}

function reachOf({ parts }: Sum): Reach {
  return { done: Object.values(parts).filter(({ whole }) => whole).length, of: PARTS.length };
}

/** From where it was, to its end or the deadline. */
async function playPart(
  wish: WorkWish,
  { name, gateway, kind }: { readonly name: string; readonly gateway: GatewayName; readonly kind: Kind },
  before: Part,
): Promise<Part> {
  let deaths: Part = before;
  const windows: AsyncIterable<Window> =
    kind === 'ports' ? playPorts(gateway, 'whole', before.ports / SIDES) : playWire(gateway, 'whole', before.wire);
  for await (const { place, aftermath } of windows) {
    const death = { place: `${gateway} ${JSON.stringify(place)}`, kind, aftermath, sentences: findBroken(aftermath) };
    deaths = { ...addDeath(deaths, death), whole: false };
    for (const sentence of death.sentences) wish.tell(`${death.place}: ${sentence}`);
    if (performance.now() > wish.deadline && (kind === 'wire' || deaths.ports % SIDES === 0)) return deaths;
  }
  wish.tell(`${name}: ${deaths[kind]} deaths, ${deaths.broken.length} broken`);
  return { ...deaths, whole: true };
}

async function writePages(wish: WorkWish): Promise<void> {
  const windows = [...(await collect(playPorts('smsru', 'short'))), ...(await collect(playWire('smsru', 'short')))];
  for (const language of ['en', 'ru'] as const) {
    writeFileSync(new URL(`../../../${PAGES[language]}`, import.meta.url), crashPage(windows, language));
    wish.tell(`written: ${PAGES[language]}`);
  }
}
