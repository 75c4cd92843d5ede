import { writeFileSync } from 'node:fs';

import { GATEWAYS } from '../../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import { findBroken } from '../../crash/matrix/judge.ts';
import { collect, playCuts, playPorts, playWire } from '../../crash/matrix/matrix.ts';
import type { Play, Window } from '../../crash/matrix/matrix.ts';
import { crashPage, PAGES } from '../../crash/matrix/page.ts';
import { openScene } from '../../crash/matrix/scene.ts';
import type { OpenScene } from '../../crash/matrix/scene.ts';
import type { Chapter, ProveWish, Reach, WorkWish } from '../chapter.ts';
import { addDeath, deathRows, NO_DEATHS } from './deaths.ts';
import type { Deaths } from './deaths.ts';

const PAGES_PART = 'pages';
const KEEP_EVERY = 10;
const KINDS = ['ports', 'wire', 'cuts'] as const;
type Kind = (typeof KINDS)[number];

const PLAYS: Readonly<Record<Kind, (play: Play) => AsyncGenerator<Window>>> = { ports: playPorts, wire: playWire, cuts: playCuts };

interface Part {
  readonly name: string;
  readonly gateway: GatewayName;
  readonly kind: Kind;
}

/** Of each operator, all ways of dying. */
const PARTS: readonly Part[] = GATEWAYS.flatMap((gateway) => KINDS.map((kind) => ({ name: `${gateway} ${kind}`, gateway, kind })));

interface Played extends Deaths {
  readonly whole: boolean;
}

type Sum = Readonly<Record<string, Played>>;

export interface CrashWish extends Pick<Chapter, 'msEach'> {
  /** What is to be written at the end, beside the table. */
  readonly pages: ((wish: WorkWish) => Promise<void>) | null;
  /** Calls what it is given with the way to make scenes; takes away what that needs. */
  readonly onStage: (work: (open: OpenScene) => Promise<void>) => Promise<void>;
}

/** A run dies at every call of its ports and on every byte of its exchanges that matters, with each operator in turn; the runs after it go on. */
export function crashChapter({ msEach, pages, onStage }: CrashWish): Chapter {
  const names = [...PARTS.map(({ name }) => name), ...(pages === null ? [] : [PAGES_PART])];
  const reachOf = (sum: Sum): Reach => ({ done: names.filter((name) => sum[name]?.whole === true).length, of: names.length });
  return {
    name: 'crash',
    unit: 'parts',
    msEach,
    reach: (wish) => reachOf(read(wish)),
    work: async (wish) => {
      const keep = (name: string, after: Played): void => wish.progress.write('crash', { ...read(wish), [name]: after } satisfies Sum);
      const isOpen = (name: string): boolean => read(wish)[name]?.whole !== true && performance.now() < wish.deadline;
      await onStage(async (open) => {
        for (const part of PARTS) if (isOpen(part.name)) await playPart(wish, part, { open, keep: (after) => keep(part.name, after) });
      });
      if (pages === null || !isOpen(PAGES_PART)) return;
      await pages(wish);
      keep(PAGES_PART, { ...NO_DEATHS, whole: true });
    },
    report: (wish) => {
      const parts = Object.values(read(wish));
      const { done, of } = reachOf(read(wish));
      // Half a part is something too.
      return deathRows(parts, { done: parts.length === 0 ? 0 : Math.max(done, 0.5), of });
    },
  };
}

/** Writes the page that tells of the windows too. */
export const crash: Chapter = crashChapter({ msEach: 30_000, pages: writePages, onStage: (work) => work(openScene) });

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('crash') ?? {};
}

/** From where it was, to its end or the deadline. */
async function playPart(
  wish: WorkWish,
  { name, gateway, kind }: Part,
  { open, keep }: { readonly open: OpenScene; readonly keep: (after: Played) => void },
): Promise<void> {
  let deaths: Played = read(wish)[name] ?? { ...NO_DEATHS, whole: false };
  const play = { gateway, extent: 'whole', open, skipped: deaths[kind] } as const;
  const windows: AsyncIterable<Window> = PLAYS[kind](play);
  for await (const { place, aftermath } of windows) {
    const death = { place: `${gateway} ${JSON.stringify(place)}`, kind, aftermath, sentences: findBroken(aftermath) };
    deaths = { ...addDeath(deaths, death), whole: false };
    for (const sentence of death.sentences) wish.tell(`${death.place}: ${sentence}`);
    if (deaths[kind] % KEEP_EVERY === 0 || performance.now() > wish.deadline) keep(deaths);
    if (performance.now() > wish.deadline) return;
  }
  wish.tell(`${name}: ${deaths[kind]} deaths, ${deaths.broken.length} broken`);
  keep({ ...deaths, whole: true });
}

async function writePages(wish: WorkWish): Promise<void> {
  const windows = [
    ...(await collect(playPorts({ gateway: 'smsru', extent: 'short' }))),
    ...(await collect(playWire({ gateway: 'smsru', extent: 'short' }))),
  ];
  for (const language of ['en', 'ru'] as const) {
    writeFileSync(new URL(`../../../${PAGES[language]}`, import.meta.url), crashPage(windows, language));
    wish.tell(`written: ${PAGES[language]}`);
  }
}
