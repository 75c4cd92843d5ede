import type { Sentence } from '../../src/cli/render/say.ts';
import { say } from '../../src/cli/render/say.ts';
import { MINUTE } from './scene.ts';
import type { Scene } from './scene.ts';
import { CLOSING, pronounce, VERDICT_TITLE } from './scenes/closing.ts';
import { GUESTS } from './scenes/guests.ts';
import { INVITING } from './scenes/inviting.ts';
import { OPENING } from './scenes/opening.ts';
import { TALK } from './scenes/talk.ts';
import { TROUBLE } from './scenes/trouble.ts';
import { openStage } from './stage.ts';
import type { StageRequest } from './stage.ts';
import { wrap } from './wrap.ts';

const TEXTS = {
  intro: {
    en: 'tp-tg-notify, played through: a sample restaurant, a simulated Telegram and a simulated SMS operator on this machine’s loopback, and the real program between them, all in one process. The clock is virtual: what takes hours passes in seconds. On the left is the restaurant’s time (Moscow).',
    ru: 'tp-tg-notify в лицах: пример ресторана, симуляторы Telegram и СМС-оператора на этой же машине и между ними настоящая программа, всё в одном процессе. Часы виртуальные: часы проходят за секунды. Слева – время ресторана (Москва).',
  },
  gone: {
    en: '{virtual} min of the restaurant’s time took {real} s. Nothing is left running, the temporary files are removed.',
    ru: '{virtual} мин времени ресторана заняли {real} с. Ничего не осталось работать, временные файлы удалены.',
  },
} satisfies Record<string, Sentence>;

const SCENES: readonly Scene[] = [...OPENING, ...GUESTS, ...TROUBLE, ...INVITING, ...TALK, ...CLOSING];

/** Plays it all; true when nothing was lost or silently doubled. Whatever happens, nothing is left behind. */
export async function play(request: StageRequest): Promise<boolean> {
  const { language, write, columns } = request;
  const tell = (text: string): void => wrap(text, columns).forEach((line) => write(line));
  const began = performance.now();
  tell(say(TEXTS.intro, language));
  const stage = await openStage(request);
  let kept = false;
  try {
    for (const [index, { title, play: playScene }] of SCENES.entries()) {
      if (index > 0) await stage.pass(MINUTE);
      stage.teller.scene(title);
      await playScene(stage);
    }
    stage.teller.scene(VERDICT_TITLE);
    kept = pronounce(stage);
  } finally {
    await stage.close();
  }
  write('');
  tell(
    say(TEXTS.gone, language, {
      virtual: Math.round(stage.clock.monotonic() / 60_000),
      real: ((performance.now() - began) / 1000).toFixed(1),
    }),
  );
  return kept;
}
