import type { Sentence } from '../../src/cli/render/say.ts';
import type { Stage } from './stage.ts';

/** One step of the play: its title, and what happens. */
export interface Scene {
  readonly title: Sentence;
  readonly play: (stage: Stage) => Promise<void>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** How a schedule starts the program; Tillypad's server does the same on every operation. */
export const RUN = 'run --since-last';
