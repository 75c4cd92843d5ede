import { dieEverywhere, DYING } from '../../crash/commands.ts';
import { asks, DOUBTS, givesUp, repeats } from '../../people/doubts.ts';
import { AWAY, invitesNobody, OUTAGES } from '../../people/outage.ts';
import { prunes, retriesOurs, rotatesKeys } from '../../people/past.ts';
import type { Scene } from '../../people/site.ts';
import { GATEWAYS, neverRepeatsSms, tellsStatuses } from '../../people/sms.ts';
import type { Chapter } from '../chapter.ts';
import { stepsChapter } from './steps.ts';

interface Part {
  readonly promise: string;
  readonly what: string;
  readonly scenes: readonly Scene[];
}

const PARTS: readonly Part[] = [
  { promise: '2', what: 'doubts repeated other than once, marked, after their time', scenes: DOUBTS.map(repeats) },
  {
    promise: '2',
    what: 'doubts told again without a person where a person is to be asked',
    scenes: DOUBTS.flatMap((doubt) => (['delivered', 'refused', 'again'] as const).map((verdict) => asks(doubt, verdict))),
  },
  { promise: '2', what: 'doubts told again after they were given up', scenes: DOUBTS.map(givesUp) },
  { promise: '1', what: '`retry` of refusals that were ours: told other than once', scenes: [retriesOurs] },
  { promise: '2', what: '`prune`: anything told again, or forgotten too early', scenes: [prunes] },
  { promise: '6', what: '`keys rotate`: links that out-live their key, or die before it', scenes: [rotatesKeys] },
  {
    promise: '6',
    what: '`keys rotate`, `bind`, `install` killed at any call: runs that neither go on nor name the way out, commands that don’t finish it',
    scenes: Object.values(DYING).map(
      (command) => async () => (await dieEverywhere(command)).flatMap(({ diedAt, broken }) => broken.map((one) => `${diedAt}: ${one}`)),
    ),
  },
  { promise: '5', what: 'SMS whose later fate is not told, at each operator', scenes: GATEWAYS.map(tellsStatuses) },
  {
    promise: '5',
    what: 'SMS because Telegram was away for an hour or a day, or notices lost by it',
    scenes: AWAY.flatMap((away) => OUTAGES.map((outage) => invitesNobody(away, outage))),
  },
  { promise: '2', what: 'SMS in doubt sent again within their interval, at each operator', scenes: GATEWAYS.map(neverRepeatsSms) },
];

/** What administrators do and what comes of it, by the program's own command line on the virtual clock. */
export const people: Chapter = stepsChapter(
  { name: 'people', msEach: 3_000 },
  PARTS.map(({ promise, what, scenes }) => ({
    promise,
    what: `${what} (${scenes.length} scenes)`,
    try: async () => {
      const broken: string[] = [];
      for (const [index, play] of scenes.entries()) broken.push(...(await play()).map((sentence) => `scene ${index + 1}: ${sentence}`));
      return broken;
    },
  })),
);
