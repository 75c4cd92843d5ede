import { describe } from 'vitest';

import { deskChangeContract } from './desk-change.ts';
import type { DeskEngine } from './desk-engine.ts';
import { deskPruneContract } from './desk-prune.ts';
import { deskSmsContract } from './desk-sms.ts';
import { deskStatusContract } from './desk-status.ts';
import { deskStoryContract } from './desk-story.ts';
import { installContract } from './desk-install.ts';

/** What every engine's desk and `install` promise; another engine joins by calling this. */
export function deskContract(engine: DeskEngine): void {
  describe(`the desk on ${engine.name}`, () => {
    deskStatusContract(engine);
    deskStoryContract(engine);
    deskChangeContract(engine);
    deskSmsContract(engine);
    deskPruneContract(engine);
    installContract(engine);
  });
}
