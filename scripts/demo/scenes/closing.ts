import { say } from '../../../src/cli/render/say.ts';
import type { Sentence } from '../../../src/cli/render/say.ts';
import { MINUTE } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { drawChat } from '../chat.ts';
import { isClean, judge } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';

const TEXTS = {
  chat: { en: '{name}’s phone', ru: 'Телефон: {name}' },
  source: {
    en: 'Counted from the messages that Telegram’s simulator put into the chats; the program’s ledger was not asked.',
    ru: 'Посчитано по сообщениям, которые симулятор Telegram положил в чаты; журнал программы не спрашивали.',
  },
  due: { en: 'operations that had to be told          {n}', ru: 'операций, о которых надо было рассказать  {n}' },
  found: { en: 'of them found in their guest’s chat     {n}', ru: 'из них найдено в чате своего гостя        {n}' },
  lost: { en: 'lost                                    {n}', ru: 'потеряно                                  {n}' },
  doubled: { en: 'doubled silently                        {n}', ru: 'молча рассказано дважды                   {n}' },
  repeated: {
    en: 'told with the mark «possibly a repeat»  {n} ({twice} had indeed arrived before)',
    ru: 'с пометкой «возможно, повтор»             {n} (из них и правда уже доходило: {twice})',
  },
  misplaced: { en: 'told in a chat that must not hear of it {n}', ru: 'рассказано не в том чате                  {n}' },
  untold: {
    en: 'rightly kept quiet about                {n} (the guest had blocked the bot or said /stop)',
    ru: 'по праву умолчали                         {n} (гость заблокировал бота или отписался)',
  },
  surprise: { en: 'Not as the play says (exit code ≠ expected): {what}', ru: 'Не по сценарию (код выхода ≠ ожидаемый): {what}' },
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
  for (const person of people) {
    teller.plain('');
    teller.plain(say(TEXTS.chat, teller.language, { name: person.name }));
    for (const line of drawChat(person, bot)) teller.plain(line);
  }
}

async function showLedger({ pass, program }: Stage): Promise<void> {
  await pass(MINUTE);
  await program.run('status');
}

/** Says what became of every operation; true when the promises held and the play went as written. */
export function pronounce({ teller, till, telegram, program }: Stage): boolean {
  const verdict = judge(till.due, telegram.messages);
  teller.tell(TEXTS.source);
  for (const [sentence, n] of countsOf(verdict, till.untold)) {
    teller.plain(say(sentence, teller.language, { n, twice: verdict.arrivedTwice }));
  }
  for (const what of program.surprises) teller.plain(say(TEXTS.surprise, teller.language, { what }));
  const kept = isClean(verdict) && program.surprises.length === 0;
  teller.tell(kept ? TEXTS.clean : TEXTS.failed);
  return kept;
}

function countsOf(verdict: Verdict, untold: number): readonly (readonly [Sentence, number])[] {
  return [
    [TEXTS.due, verdict.due],
    [TEXTS.found, verdict.found],
    [TEXTS.lost, verdict.lost.length],
    [TEXTS.doubled, verdict.doubled.length],
    [TEXTS.misplaced, verdict.misplaced.length],
    [TEXTS.repeated, verdict.repeated],
    [TEXTS.untold, untold],
  ];
}
