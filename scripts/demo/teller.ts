import { styleText } from 'node:util';

import { say } from '../../src/cli/render/say.ts';
import type { Sentence } from '../../src/cli/render/say.ts';
import type { Language } from '../../src/core/glossary.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import type { Clock } from '../../src/ports/host.ts';
import { ZONE } from './restaurant.ts';
import { wrap } from './wrap.ts';

export type Args = Readonly<Record<string, string | number>>;

/** Tells the play on a terminal: the restaurant's time on the left, what the program prints behind a bar. */
export interface Teller {
  readonly language: Language;
  /** A numbered scene. */
  scene(title: Sentence): void;
  /** Something happens, or is explained. */
  tell(sentence: Sentence, args?: Args): void;
  /** A command line as it is typed, then what came of it. */
  command(line: string): void;
  output(text: string): void;
  /** A line as it is. */
  plain(text: string): void;
}

const MARGIN = ' '.repeat(10);
const BAR = '│ ';

/** `write` gets one line at a time, none longer than `columns` unless a single word is. */
export function createTeller(
  clock: Pick<Clock, 'now'>,
  language: Language,
  { write, columns }: { readonly write: (line: string) => void; readonly columns: number },
): Teller {
  let scenes = 0;
  const width = columns - MARGIN.length;
  const time = (): string => `${wallAt(clock.now(), ZONE).slice(11, 19)}  `;
  return {
    language,
    scene: (title) => {
      scenes += 1;
      write('');
      write(styleText('bold', `${time()}${scenes}. ${say(title, language)}`, { stream: process.stdout }));
    },
    tell: (sentence, args) => {
      for (const [index, line] of wrap(say(sentence, language, args), width).entries()) write((index === 0 ? time() : MARGIN) + line);
    },
    command: (line) => write(`${MARGIN}$ ${line}`),
    output: (text) => {
      for (const line of text.split('\n').flatMap((whole) => wrap(whole, width - BAR.length))) write((MARGIN + BAR + line).trimEnd());
    },
    plain: (text) => write(text === '' ? '' : MARGIN + text),
  };
}
