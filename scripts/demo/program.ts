import { runProgram } from '../../src/cli/program.ts';
import { say } from '../../src/cli/render/say.ts';
import type { Sentence } from '../../src/cli/render/say.ts';
import { EXIT } from '../../src/core/exit-code.ts';
import type { ExitCode } from '../../src/core/exit-code.ts';
import { maskPhone } from '../../src/core/mask.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import type { Guest } from './cast.ts';
import { openDoors } from './doors.ts';
import type { Teller } from './teller.ts';

/** The real program, command line and all, in this very process. */
export interface Program {
  /** Runs one command and shows what an administrator sees; the play expects this exit code. */
  run(words: string, expected?: ExitCode): Promise<void>;
  /** What follows `?start=` in a guest's personal link, as `link` makes it. */
  payloadOf(guest: Guest): Promise<string>;
  /** Commands that ended otherwise than the play says: then the play is wrong, or the program. */
  readonly surprises: readonly string[];
}

const TEXTS = {
  ended: { en: 'exit code {code}', ru: 'код завершения {code}' },
  arrived: { en: 'arrived on phones: {list}', ru: 'пришло на телефоны: {list}' },
  sms: { en: 'SMS: {list}', ru: 'СМС: {list}' },
  nothing: { en: 'nothing arrived on any phone', ru: 'ни на один телефон ничего не пришло' },
} satisfies Record<string, Sentence>;

interface Wiring {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  readonly operator: Pick<SmsSimulator, 'accepted'>;
  readonly teller: Teller;
  /** Everybody with a phone. */
  readonly people: readonly Pick<Person, 'chatId' | 'name'>[];
  readonly settingsFile: string;
  readonly signal: AbortSignal;
}

export function openProgram(wiring: Wiring): Program {
  const { teller, telegram, operator, signal } = wiring;
  const doors = openDoors(wiring.clock, wiring.settingsFile);
  const surprises: string[] = [];
  const call = async (argv: readonly string[]): Promise<{ readonly code: ExitCode; readonly text: string }> => {
    signal.throwIfAborted();
    const said: string[] = [];
    const hear = (text: string): void => void said.push(text);
    const code = await runProgram({
      argv,
      doors,
      terminal: { print: hear, write: async (text) => hear(text), note: hear, progress: null, signal },
      version: 'demo',
    });
    signal.throwIfAborted();
    return { code, text: said.join('\n') };
  };
  return {
    surprises,
    run: async (words, expected = EXIT.done) => {
      const before = { messages: telegram.messages.length, sms: operator.accepted.length };
      teller.command(`tp-tg-notify ${words}`);
      const { code, text } = await call(words.split(' '));
      teller.output(text);
      const ended = say(TEXTS.ended, teller.language, { code: String(code) });
      teller.plain(words.startsWith('run') ? `└ ${ended}; ${arrivals(wiring, before)}` : `└ ${ended}`);
      if (code !== expected) surprises.push(`tp-tg-notify ${words}: ${code} ≠ ${expected}`);
    },
    payloadOf: async (guest) => {
      const { text } = await call(['link', guest.customerId, '--json']);
      const payload = /\?start=([\w-]+)/.exec(text)?.[1];
      if (payload === undefined) throw new Error(`no link was made: ${text}`);
      return payload;
    },
  };
}

/** Read from Telegram's and the operator's own records. */
function arrivals({ telegram, operator, people, teller }: Wiring, before: { readonly messages: number; readonly sms: number }): string {
  const counts = new Map<string, number>();
  for (const { chatId } of telegram.messages.slice(before.messages)) {
    const name = people.find((person) => person.chatId === chatId)?.name ?? chatId;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sms = operator.accepted.slice(before.sms).map(({ number }) => maskPhone(number));
  const parts = [
    ...(counts.size === 0
      ? []
      : [say(TEXTS.arrived, teller.language, { list: [...counts].map(([name, n]) => `${name} ${n}`).join(', ') })]),
    ...(sms.length === 0 ? [] : [say(TEXTS.sms, teller.language, { list: sms.join(', ') })]),
  ];
  return parts.length === 0 ? say(TEXTS.nothing, teller.language) : parts.join('; ');
}
