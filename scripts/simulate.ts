/**
 * `npm run simulate -- [--port N] [--minutes N] [--token TOKEN] [--bot USERNAME] [--language ru|en]`: Telegram and three SMS operators on this
 * machine's loopback, to try the program without a bot and accounts of one's own. On a terminal keys play the guests; elsewhere it only serves.
 * Another process may hold it through `POST /_simulator/…` (see src/simulators/telegram/control.ts). It ends on q, on Ctrl-C, on SIGTERM and
 * after an hour. Exit code 2: the command line.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { say } from '../src/cli/render/say.ts';
import { createSystemClock } from '../src/host/clock.ts';
import type { FaultRule } from '../src/simulators/faults.ts';
import type { Person } from '../src/simulators/telegram/people.ts';
import type { DeliveredMessage } from '../src/simulators/telegram/record.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../src/simulators/telegram/simulator.ts';
import { askedLanguage } from './asked-language.ts';
import { SMS_FAULTS, startOperators } from './simulate-sms.ts';
import { SIMULATE_TEXTS } from './simulate-texts.ts';

const FAULTS: readonly FaultRule[] = [
  { kind: 'closeBeforeProcessing', method: 'sendMessage' },
  { kind: 'closeAfterProcessing', method: 'sendMessage' },
  { kind: 'halfAnswer', method: 'sendMessage' },
  { kind: 'html502', method: 'sendMessage' },
  { kind: 'storm429', retryAfter: 5, times: 3, method: 'sendMessage' },
  { kind: 'delay', ms: 5_000, method: 'sendMessage' },
  { kind: 'hang', method: 'sendMessage' },
  { kind: 'refuse', ms: 10_000, method: 'sendMessage' },
];

const language = askedLanguage(process.argv);
const values = readValues();
const minutes = readNumber('--minutes', values.minutes, 24 * 60);
const people: Person[] = [];
const blocked = new Set<Person>();
const terminal = process.stdin.isTTY && process.stdout.isTTY;
const clock = createSystemClock();
const simulator = await startTelegramSimulator({
  clock,
  port: readNumber('--port', values.port, 65_535),
  bots: [{ ...SIMULATED_BOT, token: values.token, username: values.bot }],
  onMessage: (message) => {
    if (terminal) print(showMessage(message));
  },
});

const operators = await startOperators(clock, (name, { number, sender, segments, text }) => {
  if (terminal) print(boxed(told('sms', { operator: name, number, sender: sender ?? told('number'), segments }), text));
});

print(told('telegram', { url: simulator.url, minutes }));
print(told('settings'));
print(`  telegram:\n    apiRoot: ${simulator.url}\n    token: ${values.token}`);
print(`${told('operators')}\n${operators.blocks.join('\n')}`);

const timer = setTimeout(() => void quit(), minutes * 60_000);
process.once('SIGINT', () => void quit());
process.once('SIGTERM', () => void quit());
if (terminal) playOnTerminal();
else print(told('ends'));

async function quit(): Promise<void> {
  clearTimeout(timer);
  if (terminal) process.stdin.setRawMode(false);
  process.stdin.destroy();
  await Promise.all([simulator.stop(), operators.stop()]);
}

function playOnTerminal(): void {
  addPerson();
  print(told('keys'));
  let playing = false;
  process.stdin.setRawMode(true);
  process.stdin.resume();
  process.stdin.on('data', (pressed) => {
    if (playing) return;
    const key = pressed.toString();
    if (key === 'q' || key === '\u0003') {
      void quit();
      return;
    }
    playing = true;
    void play(key)
      .catch((error: unknown) => print(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        playing = false;
      });
  });
}

async function play(key: string): Promise<void> {
  if (key === 'n') addPerson();
  else if (key === 's') {
    const person = await choosePerson();
    const payload = readPayload(await ask(told('askPayload')));
    blocked.delete(person);
    person.start(payload);
    print(payload === undefined ? told('started', { name: person.name }) : told('startedWith', { name: person.name, payload }));
  } else if (key === 't') {
    const person = await choosePerson();
    person.say(await ask(told('askText')));
  } else if (key === 'b') toggleBlock(await choosePerson());
  else if (key === 'f') await chooseFault();
  else if (key === 'o') await chooseSmsFault();
  else if (key === 'm') print(told(operators.toggleMoney() ? 'paid' : 'empty'));
  else print(told('keys'));
}

function addPerson(): void {
  const person = simulator.person();
  people.push(person);
  print(told('person', { at: people.length, name: person.name, chat: person.chatId }));
}

async function choosePerson(): Promise<Person> {
  const first = people[0] as Person;
  if (people.length === 1) return first;
  const answer = await ask(told('askPerson', { count: people.length }));
  const person = people[Number(answer) - 1];
  if (person === undefined) throw new Error(told('noPerson', { answer }));
  return person;
}

function toggleBlock(person: Person): void {
  const back = blocked.delete(person);
  if (back) person.unblock();
  else {
    if (person.chat.length === 0) throw new Error(told('notStarted', { name: person.name }));
    person.block();
    blocked.add(person);
  }
  print(told(back ? 'back' : 'blocked', { name: person.name }));
}

async function chooseFault(): Promise<void> {
  const fault = await askFault(FAULTS, 'sendMessage');
  simulator.faults.add(fault);
  print(told('meets', { what: 'sendMessage', fault: fault.kind }));
}

async function chooseSmsFault(): Promise<void> {
  const fault = await askFault(SMS_FAULTS, told('smsWord'));
  operators.addFault(fault);
  print(told('meets', { what: told('smsWord'), fault: fault.kind }));
}

async function askFault(faults: readonly FaultRule[], what: string): Promise<FaultRule> {
  print(faults.map((fault, at) => `  ${at + 1}: ${fault.kind}${fault.times === undefined ? '' : ` × ${fault.times}`}`).join('\n'));
  const fault = faults[Number(await ask(told('askFault', { what }))) - 1];
  if (fault === undefined) throw new Error(told('noFault'));
  return fault;
}

/** A pasted `https://t.me/bot?start=…` is as good as the payload itself. */
function readPayload(typed: string): string | undefined {
  const payload = /[?&]start=([\w-]+)/.exec(typed)?.[1] ?? typed.trim();
  return payload === '' ? undefined : payload;
}

async function ask(question: string): Promise<string> {
  // The key that led here must be through with everybody who listens, or it becomes the first letter of the answer.
  await new Promise((resolve) => setImmediate(resolve));
  process.stdin.setRawMode(false);
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  reader.once('SIGINT', () => void quit());
  try {
    return await reader.question(question);
  } finally {
    reader.close();
    process.stdin.setRawMode(true);
    process.stdin.resume();
  }
}

function showMessage({ chatId, silent, text }: DeliveredMessage): string {
  const name = people.find((person) => person.chatId === chatId)?.name ?? chatId;
  return boxed(told(silent ? 'silently' : 'message', { name }), text);
}

function boxed(head: string, text: string): string {
  return `┌ ${head}\n${text.replaceAll(/^/gm, '│ ')}`;
}

function told(name: keyof typeof SIMULATE_TEXTS, args?: Parameters<typeof say>[2]): string {
  return say(SIMULATE_TEXTS[name], language, args);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!(value >= 0 && value <= most)) {
    process.stderr.write(`${told('badNumber', { flag, most: String(most) })}\n`);
    process.exit(2);
  }
  return value;
}

function readValues(): { readonly port: string; readonly minutes: string; readonly token: string; readonly bot: string } {
  try {
    const { values: given } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        minutes: { type: 'string', default: '60' },
        token: { type: 'string', default: SIMULATED_BOT.token },
        bot: { type: 'string', default: SIMULATED_BOT.username },
        language: { type: 'string', default: 'en' },
      },
    });
    if (given.language === 'en' || given.language === 'ru') return given;
  } catch {
    // Told below.
  }
  process.stderr.write(`${told('usage')}\n`);
  process.exit(2);
}
