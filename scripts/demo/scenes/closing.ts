import { say } from '../../../src/cli/render/say.ts';
import type { Sentence } from '../../../src/cli/render/say.ts';
import type { Language } from '../../../src/core/glossary.ts';
import { formatMoney } from '../../../src/core/money.ts';
import type { SmsSimulator } from '../../../src/simulators/sms/contract.ts';
import type { SmsSums } from '../../../src/simulators/sms/record.ts';
import { drawChat } from '../chat.ts';
import type { Program } from '../program.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import type { Teller } from '../teller.ts';
import type { Till } from '../till.ts';
import type { Shown } from '../told.ts';
import { isClean, judge } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';

const TEXTS = {
  chat: { en: '{name}’s phone', ru: 'Телефон: {name}' },
  source: {
    en: 'Counted from the messages that Telegram’s simulator put into the chats; the program’s ledger was not asked.',
    ru: 'Посчитано по сообщениям, которые симулятор Telegram положил в чаты; журнал программы не спрашивали.',
  },
  due: { en: 'operations that had to be told', ru: 'операций, о которых надо было рассказать' },
  found: { en: 'of them found in their guest’s chat', ru: 'из них найдено в чате своего гостя' },
  lost: { en: 'lost', ru: 'потеряно' },
  doubled: { en: 'doubled silently', ru: 'молча рассказано дважды' },
  misplaced: { en: 'told where they must not be', ru: 'рассказано там, где нельзя' },
  repeated: { en: 'told with the mark «possibly a repeat»', ru: 'рассказано с пометкой «возможно, повтор»' },
  twice: { en: 'of them indeed in the chat before', ru: 'из них и правда уже дошло раньше' },
  untold: {
    en: 'rightly kept quiet (bot blocked, /stop, no subscription)',
    ru: 'справедливо промолчали (бот заблокирован, /stop, нет подписки)',
  },
  bill: { en: 'Of the SMS operator’s own record:', ru: 'По записям самого СМС-оператора:' },
  sms: { en: 'SMS taken', ru: 'принято СМС' },
  segments: { en: 'segments', ru: 'сегментов' },
  roubles: { en: 'roubles charged', ru: 'списано рублей' },
  twiceSms: { en: 'guests with more than one SMS', ru: 'гостей больше чем с одной СМС' },
  surprise: { en: 'Not as the play says (exit code ≠ expected): {what}', ru: 'Не по сценарию (код завершения ≠ ожидаемый): {what}' },
  clean: { en: 'Nothing was lost, nothing was doubled silently.', ru: 'Ничего не потеряно, ничего не рассказано дважды молча.' },
  failed: { en: 'The promise was broken: see the numbers above.', ru: 'Обещание нарушено: см. числа выше.' },
} satisfies Record<string, Sentence>;

export const CLOSING: readonly Scene[] = [
  { title: { en: 'The chats, as the guests see them', ru: 'Чаты, какими их видят гости' }, play: showChats },
  { title: { en: 'The ledger’s sums', ru: 'Итоги журнала доставок' }, play: showLedger },
];

export const VERDICT_TITLE: Sentence = { en: 'The verdict', ru: 'Вердикт' };

async function showChats({ teller, people, telegram }: Stage): Promise<void> {
  const bot = telegram.bot().username;
  for (const person of people.filter(({ chat }) => chat.length > 0)) {
    teller.plain('');
    teller.plain(say(TEXTS.chat, teller.language, { name: person.name }));
    for (const line of drawChat(person, bot)) teller.plain(line);
  }
}

async function showLedger({ program }: Stage): Promise<void> {
  await program.run('status');
}

/** What the verdict is made of. */
export interface Evidence {
  readonly teller: Teller;
  readonly till: Pick<Till, 'due' | 'untold'>;
  /** Telegram's own record. */
  readonly telegram: { readonly messages: readonly Shown[] };
  readonly program: Pick<Program, 'surprises'>;
  /** The operator's own record. */
  readonly operator: Pick<SmsSimulator, 'sums'>;
}

/** Says what became of every operation; true when the promises held and the play went as written. */
export function pronounce({ teller, till, telegram, program, operator }: Evidence): boolean {
  const { language } = teller;
  const verdict = judge(till.due, telegram.messages);
  teller.tell(TEXTS.source);
  const rows = countsOf(verdict, till.untold).map(([sentence, n]) => [say(sentence, language), n] as const);
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, n] of rows) teller.plain(`${label.padEnd(width)}  ${String(n).padStart(3)}`);
  const bill = operator.sums();
  teller.tell(TEXTS.bill);
  for (const [sentence, n] of billOf(bill, language)) teller.plain(`${say(sentence, language).padEnd(width)}  ${n.padStart(3)}`);
  for (const what of program.surprises) teller.plain(say(TEXTS.surprise, language, { what }));
  const kept = isClean(verdict) && program.surprises.length === 0 && bill.repeated === 0;
  teller.tell(kept ? TEXTS.clean : TEXTS.failed);
  return kept;
}

function billOf({ messages, segments, cost, repeated }: SmsSums, language: Language): readonly (readonly [Sentence, string])[] {
  return [
    [TEXTS.sms, String(messages)],
    [TEXTS.segments, String(segments)],
    [TEXTS.roubles, formatMoney(cost, { language, digits: 2, sign: 'minus' })],
    [TEXTS.twiceSms, String(repeated)],
  ];
}

function countsOf(verdict: Verdict, untold: number): readonly (readonly [Sentence, number])[] {
  return [
    [TEXTS.due, verdict.due],
    [TEXTS.found, verdict.found],
    [TEXTS.lost, verdict.lost.length],
    [TEXTS.doubled, verdict.doubled.length],
    [TEXTS.misplaced, verdict.misplaced.length],
    [TEXTS.repeated, verdict.repeated],
    [TEXTS.twice, verdict.arrivedTwice],
    [TEXTS.untold, untold],
  ];
}
