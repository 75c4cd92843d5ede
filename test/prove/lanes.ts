import type { Chapter, EngineName, ProveWish } from './chapter.ts';
import { LONGEST, order, shareOf } from './plan.ts';
import type { Work } from './plan.ts';
import { msEachOf, note } from './speeds.ts';
import type { startChapter } from './start.ts';

/** A process that ended otherwise than by coming to its end. */
export interface Death {
  readonly chapter: string;
  readonly how: string;
  readonly at: string;
}

export interface LanesWish {
  readonly engine: EngineName;
  readonly lanes: number;
  readonly wish: ProveWish;
  readonly chapters: readonly Chapter[];
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly start: typeof startChapter;
  readonly tell: (line: string) => void;
}

/** So often is a chapter started again whose process died: it goes on where it was. */
const LIVES = 2;
/** Less than this is not worth starting a process. */
const WORTH_MS = 5_000;

/** Several chapters at once, each in a process of its own; whoever has time left takes up what was cut short. Answers who died. */
export async function runLanes(at: LanesWish): Promise<readonly Death[]> {
  const deaths: Death[] = [];
  const left = (): number => at.deadline - performance.now();
  let running = new Set<string>();
  for (;;) {
    const open = at.chapters.filter((chapter) => !isDone(chapter, at.wish) && countOf(deaths, chapter) < LIVES);
    const waiting = [
      ...order(
        open.map((chapter) => workOf(chapter, at.wish)),
        at.lanes,
      ),
    ];
    if (waiting.length === 0 || left() < WORTH_MS) return deaths;
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && left() > WORTH_MS; next = waiting.shift()) {
        const longest = running.has(LONGEST) ? 1 : 0;
        const ms = shareOf(next, { waiting, time: { lanes: at.lanes - longest, leftMs: left() } });
        running.add(next.name);
        await one(at, { name: next.name, ms, deaths });
        running.delete(next.name);
      }
    };
    running = new Set();
    await Promise.all(Array.from({ length: at.lanes }, lane));
  }
}

async function one(
  at: LanesWish,
  { name, ms, deaths }: { readonly name: string; readonly ms: number; readonly deaths: Death[] },
): Promise<void> {
  const { wish, tell } = at;
  const chapter = at.chapters.find((each) => each.name === name);
  if (chapter === undefined) return;
  const before = chapter.reach(wish);
  const began = performance.now();
  tell(`${name} begins at ${before.done} of ${before.of} ${chapter.unit}, for ${Math.ceil(ms / 60_000)} min at most`);
  const how = await at.start(name, { engine: at.engine, wish, ms });
  const after = chapter.reach(wish);
  note(wish.progress, name, { before, after, ms: performance.now() - began });
  if (how === null) return tell(`${name} ends at ${after.done} of ${after.of}`);
  deaths.push({ chapter: name, how, at: new Date().toISOString().slice(11, 19) });
  tell(`${name} DIED (${how}) at ${after.done} of ${after.of}`);
}

function workOf(chapter: Chapter, wish: ProveWish): Work {
  const { done, of } = chapter.reach(wish);
  return { name: chapter.name, needMs: Math.max(0, of - done) * msEachOf(chapter, wish).ms };
}

function isDone(chapter: Chapter, wish: ProveWish): boolean {
  const { done, of } = chapter.reach(wish);
  return done >= of;
}

function countOf(deaths: readonly Death[], { name }: Chapter): number {
  return deaths.filter(({ chapter }) => chapter === name).length;
}
