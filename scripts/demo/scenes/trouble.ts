import type { Sentence } from '../../../src/cli/render/say.ts';
import { EXIT } from '../../../src/core/exit-code.ts';
import { MINUTE, RUN } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const TEXTS = {
  limit: {
    en: 'From now on Telegram answers every message with 429, retry_after {seconds} s. {first} and {second} are at the till.',
    ru: 'С этой минуты Telegram на каждое сообщение отвечает 429, retry_after {seconds} с. {first} и {second} – в ресторане.',
  },
  meanwhile: {
    en: 'Another process is started meanwhile: it knows of the silence from the ledger.',
    ru: 'Тем временем запускается ещё один процесс: о тишине он знает из журнала.',
  },
  untouched: {
    en: 'Calls that reached Telegram meanwhile, by its own count: {calls}.',
    ru: 'Вызовов за это время, по счёту самого Telegram: {calls}.',
  },
  over: { en: 'The time Telegram asked for is over.', ru: 'Срок, названный Telegram, прошёл.' },
  cut: {
    en: '{first} and {second} are at the till. For both the connection breaks off in mid-call: {first}’s message had arrived, {second}’s had not. Nobody on this side can know.',
    ru: '{first} и {second} – в ресторане. У обоих связь обрывается посреди вызова: до одного чата ({first}) сообщение дошло, до другого ({second}) нет. С этой стороны этого не узнать.',
  },
  notBlindly: {
    en: 'A minute later: still in doubt, and nothing is sent blindly.',
    ru: 'Минутой позже: всё ещё под вопросом, вслепую ничего не отправляется.',
  },
  again: {
    en: 'A quarter of an hour later both are told once more, marked as a possible repeat.',
    ru: 'Через четверть часа обоим рассказывается ещё раз, с пометкой «возможно, повтор».',
  },
} satisfies Record<string, Sentence>;

export const TROUBLE: readonly Scene[] = [
  { title: { en: 'Telegram asks for silence (429)', ru: 'Telegram просит тишины (429)' }, play: meetLimit },
  { title: { en: 'The network breaks off in the middle of a call', ru: 'Сеть обрывается посреди вызова' }, play: breakOff },
];

const RETRY_AFTER = 600;

async function meetLimit({ teller, guests, pass, program, telegram, till }: Stage): Promise<void> {
  const { anna, vera } = guests;
  const lift = telegram.faults.add({ kind: 'storm429', retryAfter: RETRY_AFTER, method: 'sendMessage', times: Infinity });
  till.visit(anna, [{ account: 'deposit', sum: -310 }]);
  till.visit(vera, [{ account: 'bonuses', sum: 12 }]);
  teller.tell(TEXTS.limit, { first: anna.name, second: vera.name, seconds: RETRY_AFTER });
  await program.run(RUN, EXIT.unreachable);
  await pass(MINUTE);
  teller.tell(TEXTS.meanwhile);
  const before = telegram.calls.length;
  await program.run(RUN, EXIT.unreachable);
  teller.tell(TEXTS.untouched, { calls: telegram.calls.length - before });
  lift();
  await pass(RETRY_AFTER * 1000 - MINUTE);
  teller.tell(TEXTS.over);
  await program.run(RUN);
}

async function breakOff({ teller, guests, pass, program, telegram, till }: Stage): Promise<void> {
  const { anna, vera } = guests;
  telegram.faults.add({ kind: 'closeAfterProcessing', method: 'sendMessage', chatId: vera.person.chatId });
  telegram.faults.add({ kind: 'closeBeforeProcessing', method: 'sendMessage', chatId: anna.person.chatId });
  till.visit(vera, [{ account: 'bonuses', sum: 58 }]);
  till.visit(anna, [{ account: 'deposit', sum: -275 }]);
  teller.tell(TEXTS.cut, { first: vera.name, second: anna.name });
  await program.run(RUN, EXIT.doubt);
  await pass(MINUTE);
  teller.tell(TEXTS.notBlindly);
  await program.run(RUN);
  await pass(15 * MINUTE);
  teller.tell(TEXTS.again);
  await program.run(RUN);
}
