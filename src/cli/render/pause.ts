import type { BotId, Instant } from '../../core/glossary.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showInstant } from './when.ts';
import type { Viewer } from './when.ts';

export interface PausedBot {
  readonly botId: BotId;
  /** Null = until `resume`. */
  readonly until: Instant | null;
  /** False: no run has been made with this bot yet. */
  readonly bound: boolean;
  /** False: there was no pause to end. */
  readonly wasPaused: boolean;
}

export const PAUSE_TEXTS = {
  pauseUntil: {
    en: 'Bot {bot} is paused until {at}: runs plan, nothing is sent.',
    ru: 'Бот {bot} на паузе до {at}: запуски планируют, ничего не отправляется.',
  },
  pause: {
    en: 'Bot {bot} is paused until `tp-tg-notify resume`: runs plan, nothing is sent.',
    ru: 'Бот {bot} на паузе до `tp-tg-notify resume`: запуски планируют, ничего не отправляется.',
  },
  pauseUnbound: {
    en: 'Bot {bot} has not run yet: it and any other new bot of this ledger start out paused, until `tp-tg-notify resume`.',
    ru: 'Бот {bot} ещё не запускался: он и любой другой новый бот этого журнала начнут с паузы, до `tp-tg-notify resume`.',
  },
  resume: {
    en: 'Bot {bot}: the pause is over, the next run sends what was planned meanwhile.',
    ru: 'Бот {bot}: пауза закончена, следующий запуск отправит запланированное за это время.',
  },
  resumeNone: { en: 'Bot {bot} was not paused.', ru: 'Бот {bot}: паузы не было.' },
} satisfies Record<string, Sentence>;

export function renderPaused(did: 'pause' | 'resume', bots: readonly PausedBot[], viewer: Viewer): string {
  return bots
    .map(({ botId, until, bound, wasPaused }) => {
      if (did === 'resume') return say(wasPaused ? PAUSE_TEXTS.resume : PAUSE_TEXTS.resumeNone, viewer.language, { bot: botId });
      if (!bound) return say(PAUSE_TEXTS.pauseUnbound, viewer.language, { bot: botId });
      return until === null
        ? say(PAUSE_TEXTS.pause, viewer.language, { bot: botId })
        : say(PAUSE_TEXTS.pauseUntil, viewer.language, { bot: botId, at: showInstant(until, viewer) });
    })
    .join('\n');
}
