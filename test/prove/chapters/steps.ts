import { never } from '../chapter.ts';
import type { Chapter, ProveWish, Row } from '../chapter.ts';

/** One of few things that a chapter tries, once each. */
export interface Step {
  readonly promise: string;
  readonly what: string;
  /** Answers what was not as promised, in sentences. */
  try(): Promise<readonly string[]>;
}

type Done = Readonly<Record<string, readonly string[]>>;

/** A chapter of few steps; one that threw has broken something. */
export function stepsChapter(about: Pick<Chapter, 'name' | 'msEach'>, steps: readonly Step[]): Chapter {
  const read = ({ progress }: ProveWish): Done => progress.read<Done>(about.name) ?? {};
  const isDone = (wish: ProveWish, { what }: Step): boolean => read(wish)[what] !== undefined;
  return {
    ...about,
    unit: 'scenes',
    reach: (wish) => ({ done: steps.filter((step) => isDone(wish, step)).length, of: steps.length }),
    work: async (wish) => {
      for (const step of steps) {
        if (isDone(wish, step) || performance.now() > wish.deadline) continue;
        const broken = await step.try().catch((error: unknown) => [`thrown: ${error instanceof Error ? error.message : 'unknown'}`]);
        wish.tell(`${step.what}: ${broken.join(' · ') || 'as promised'}`);
        wish.progress.write(about.name, { ...read(wish), [step.what]: broken });
      }
    },
    report: (wish) =>
      steps.map((step): Row => {
        const broken = read(wish)[step.what];
        return never({ ...step, count: broken?.length ?? 0, reach: { done: broken === undefined ? 0 : 1, of: 1 } });
      }),
  };
}
