/**
 * `npm run simulate -- [--port N] [--minutes N] [--token TOKEN] [--bot USERNAME]`: Telegram and three SMS operators on this machine's
 * loopback, to try the program without a bot and accounts of one's own. On a terminal the keys below play the guests; elsewhere it only serves. Another process may hold it
 * through `POST /_simulator/…` (see src/simulators/telegram/control.ts). It ends on q, on Ctrl-C, on SIGTERM and after an hour.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../src/host/clock.ts';
import type { FaultRule } from '../src/simulators/faults.ts';
import type { Person } from '../src/simulators/telegram/people.ts';
import type { DeliveredMessage } from '../src/simulators/telegram/record.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../src/simulators/telegram/simulator.ts';
import { SMS_FAULTS, startOperators } from './simulate-sms.ts';

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

const KEYS =
  'Keys: n = a new guest · s = a guest presses Start · t = a guest writes · b = a guest blocks the bot, or comes back · f = a fault of Telegram · o = a fault of the SMS operators · m = their accounts are empty, or paid · q = quit';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '60' },
    token: { type: 'string', default: SIMULATED_BOT.token },
    bot: { type: 'string', default: SIMULATED_BOT.username },
  },
});
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
    if (terminal) say(showMessage(message));
  },
});

const operators = await startOperators(clock, (name, { number, sender, segments, text }) => {
  if (terminal) say(`┌ ${name} to ${number} from ${sender ?? 'a number'}, segments: ${segments}\n${text.replaceAll(/^/gm, '│ ')}`);
});

say(`Telegram is simulated at ${simulator.url} for ${minutes} min.`);
say('For the settings file:');
say(`  telegram:\n    apiRoot: ${simulator.url}\n    token: ${values.token}`);
say(`The SMS operators too; take one:\n${operators.blocks.join('\n')}`);

const timer = setTimeout(() => void quit(), minutes * 60_000);
process.once('SIGINT', () => void quit());
process.once('SIGTERM', () => void quit());
if (terminal) playOnTerminal();
else say('Ctrl-C ends it.');

async function quit(): Promise<void> {
  clearTimeout(timer);
  if (terminal) process.stdin.setRawMode(false);
  process.stdin.destroy();
  await Promise.all([simulator.stop(), operators.stop()]);
}

function playOnTerminal(): void {
  addPerson();
  say(KEYS);
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
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        playing = false;
      });
  });
}

async function play(key: string): Promise<void> {
  if (key === 'n') addPerson();
  else if (key === 's') {
    const person = await choosePerson();
    const payload = readPayload(await ask('Payload, or the whole link (empty = none): '));
    blocked.delete(person);
    person.start(payload);
    say(`${person.name} pressed Start${payload === undefined ? '' : ` with ${payload}`}`);
  } else if (key === 't') {
    const person = await choosePerson();
    person.say(await ask('Text: '));
  } else if (key === 'b') toggleBlock(await choosePerson());
  else if (key === 'f') await chooseFault();
  else if (key === 'o') await chooseSmsFault();
  else if (key === 'm') say(`The operators' accounts are ${operators.toggleMoney() ? 'paid again' : 'empty'}`);
  else say(KEYS);
}

function addPerson(): void {
  const person = simulator.person();
  people.push(person);
  say(`${people.length}: ${person.name}, chat ${person.chatId}`);
}

async function choosePerson(): Promise<Person> {
  const first = people[0] as Person;
  if (people.length === 1) return first;
  const answer = await ask(`Which guest (1–${people.length})? `);
  const person = people[Number(answer) - 1];
  if (person === undefined) throw new Error(`There is no guest ${answer}.`);
  return person;
}

function toggleBlock(person: Person): void {
  const back = blocked.delete(person);
  if (back) person.unblock();
  else {
    if (person.chat.length === 0) throw new Error(`${person.name} has not pressed Start yet.`);
    person.block();
    blocked.add(person);
  }
  say(`${person.name} ${back ? 'is back' : 'blocked the bot'}`);
}

async function chooseFault(): Promise<void> {
  const fault = await askFault(FAULTS, 'sendMessage');
  simulator.faults.add(fault);
  say(`The next sendMessage meets ${fault.kind}.`);
}

async function chooseSmsFault(): Promise<void> {
  const fault = await askFault(SMS_FAULTS, 'SMS');
  operators.addFault(fault);
  say(`The next SMS meets ${fault.kind}.`);
}

async function askFault(faults: readonly FaultRule[], what: string): Promise<FaultRule> {
  say(faults.map((fault, at) => `  ${at + 1}: ${fault.kind}${fault.times === undefined ? '' : ` × ${fault.times}`}`).join('\n'));
  const fault = faults[Number(await ask(`Which fault for the next ${what}? `)) - 1];
  if (fault === undefined) throw new Error('No fault chosen.');
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
  return `┌ to ${name}${silent ? ', without sound' : ''}\n${text.replaceAll(/^/gm, '│ ')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!(value >= 0 && value <= most)) {
    process.stderr.write(`${flag} must be a number from 0 to ${most}\n`);
    process.exit(2);
  }
  return value;
}
