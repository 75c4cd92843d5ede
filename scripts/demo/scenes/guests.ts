import type { Sentence } from '../../../src/cli/render/say.ts';
import { MINUTE, RUN, SECOND } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const TEXTS = {
  start: { en: '{name} opens the link and presses Start.', ru: '{name}: открыта ссылка, нажата кнопка Start.' },
  visit: {
    en: '{name} pays at the till: a top-up, the debit and the points for it, seconds apart. One visit, one message.',
    ru: '{name} у кассы: пополнение, списание и баллы за него с разницей в секунды. Один визит – одно сообщение.',
  },
  accrual: { en: '{name} gets points for lunch.', ru: '{name}: баллы за обед.' },
  dry: { en: 'What would the next run tell?', ru: 'О чём расскажет следующий запуск?' },
  blocks: {
    en: '{name} blocks the bot, and is at the till a minute later.',
    ru: '{name}: бот заблокирован, через минуту – визит в ресторан.',
  },
  back: {
    en: '{name} comes back with Start, and is at the till again: notices go on, and the balance holds what was missed.',
    ru: '{name}: бот разблокирован, нажат Start, ещё один визит. Уведомления идут снова, остаток учитывает пропущенное.',
  },
} satisfies Record<string, Sentence>;

export const GUESTS: readonly Scene[] = [
  {
    title: {
      en: 'Guests press Start behind their personal links and are greeted',
      ru: 'Гости нажимают Start по личным ссылкам, бот их приветствует',
    },
    play: subscribe,
  },
  { title: { en: 'Operations happen and are told', ru: 'Операции случаются, о них рассказывается' }, play: tellVisits },
  { title: { en: 'A guest blocks the bot and comes back', ru: 'Гость блокирует бота и возвращается' }, play: blockAndReturn },
];

async function subscribe({ teller, guests, pass, program }: Stage): Promise<void> {
  await program.run(`link ${guests.anna.customerId}`);
  for (const guest of [guests.anna, guests.boris, guests.vera]) {
    const payload = await program.payloadOf(guest);
    await pass(5 * SECOND);
    guest.person.start(payload);
    teller.tell(TEXTS.start, { name: guest.name });
  }
  await program.run(RUN);
}

async function tellVisits({ teller, guests, pass, program, till }: Stage): Promise<void> {
  const { anna, boris } = guests;
  till.visit(anna, [
    { account: 'deposit', sum: 2_000 },
    { account: 'deposit', sum: -640 },
    { account: 'bonuses', sum: 19 },
  ]);
  teller.tell(TEXTS.visit, { name: anna.name });
  await pass(20 * SECOND);
  till.visit(boris, [{ account: 'bonuses', sum: 45 }]);
  teller.tell(TEXTS.accrual, { name: boris.name });
  teller.tell(TEXTS.dry);
  await program.run(`${RUN} --dry-run`);
  await program.run(RUN);
}

async function blockAndReturn({ teller, guests, pass, program, till }: Stage): Promise<void> {
  const { boris } = guests;
  boris.person.block();
  teller.tell(TEXTS.blocks, { name: boris.name });
  await pass(MINUTE);
  till.visit(boris, [{ account: 'bonuses', sum: 33 }], 'untold');
  await program.run(RUN);
  await pass(MINUTE);
  boris.person.start();
  teller.tell(TEXTS.back, { name: boris.name });
  till.visit(boris, [{ account: 'bonuses', sum: 27 }]);
  await program.run(RUN);
}
