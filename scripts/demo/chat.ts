import { wallAt } from '../../src/core/wall-time.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { ZONE } from './restaurant.ts';

/** A chat as lines of a terminal: the bot's messages on the left, the guest's own on the right. */
export function drawChat({ chat }: Pick<Person, 'chat'>, bot: string): readonly string[] {
  return chat.flatMap(({ from, at, text, silent }) => {
    const time = wallAt(at, ZONE).slice(11, 16);
    // Telegram shows the bare command; the payload behind it stays out of sight.
    if (from === 'person') return [`${' '.repeat(OWN)}${time}  ${text.replace(/^(\/start) .*/s, '$1')}`];
    return [`┌ @${bot}, ${time}${silent ? ' 🔕' : ''}`, ...text.split('\n').map((line) => `│ ${line}`.trimEnd())];
  });
}

/** Column of the guest's own lines. */
const OWN = 50;
