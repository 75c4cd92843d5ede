import type { Sentence } from '../../../src/cli/render/say.ts';
import { EXIT } from '../../../src/core/exit-code.ts';
import { wallAt } from '../../../src/core/wall-time.ts';
import { BRAKE, SAMPLE, START_DATE, ZONE } from '../restaurant.ts';
import { MINUTE, RUN } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const TEXTS = {
  site: {
    en: 'Tillypad holds {customers} customers and {operations} operations of the last {days} days (seed {seed}: the same every time).',
    ru: 'В Tillypad {customers} клиентов и {operations} операций за последние {days} дней (зерно {seed}: каждый раз одни и те же).',
  },
  notes: {
    en: '{first} and {second} come over from a former solution: the numbers of their chats stand in Tillypad’s notes.',
    ru: '{first} и {second} достались от прежнего решения: номера их чатов записаны в заметках Tillypad.',
  },
  dry: {
    en: 'Nobody is subscribed yet: notes too become subscriptions with a real run only, as a dry run writes nothing.',
    ru: 'Подписанных ещё нет: и заметки становятся подписками только с настоящим запуском – пробный ничего не пишет.',
  },
  past: {
    en: 'The run reads the notes. Since {date} there {n, plural, one {is # operation} other {are # operations}} of {first} and {second}. A first run must not flood: more than {brake, plural, one {# notice} other {# notices}} about operations older than a day need a yes (the limit is 300 unless set), fresh ones go at once.',
    ru: 'Запуск читает заметки. С {date} у двоих ({first}, {second}) {n, plural, one {# операция} few {# операции} many {# операций} other {# операции}}. Первый запуск не должен завалить гостей: больше {brake, plural, one {# уведомления} other {# уведомлений}} об операциях старше суток – только с согласия (без настройки предел 300), свежие уходят сразу.',
  },
  yes: { en: 'The administrator has looked at it and says yes.', ru: 'Администратор посмотрел и согласен.' },
} satisfies Record<string, Sentence>;

export const OPENING: readonly Scene[] = [
  {
    title: { en: 'A sample restaurant is made, the program installed', ru: 'Создаём пример ресторана и устанавливаем программу' },
    play: installProgram,
  },
  { title: { en: 'A dry run sends and writes nothing', ru: 'Пробный запуск ничего не отправляет и не пишет' }, play: runDry },
  { title: { en: 'The first run', ru: 'Первый запуск' }, play: runFirst },
];

async function installProgram(stage: Stage): Promise<void> {
  const { teller, guests, program } = stage;
  teller.tell(TEXTS.site, SAMPLE);
  addNotes(stage);
  teller.tell(TEXTS.notes, { first: guests.gleb.name, second: guests.daria.name });
  await program.run('install');
}

/** Chats that the bot has known for long; Telegram has no update of them. */
function addNotes({ database, site, guests, clock }: Stage): void {
  const add = database.prepare(
    'insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value) values (?, ?, ?, ?, ?, ?)',
  );
  for (const { customerId, person } of [guests.gleb, guests.daria]) {
    person.becomeKnown();
    // A customer has one such note, so its id may well be the customer's own.
    add.run(customerId, site.noteType, customerId, customerId, wallAt(clock.now(), ZONE), person.chatId);
  }
}

async function runDry({ teller, program }: Stage): Promise<void> {
  await program.run(`${RUN} --dry-run`);
  teller.tell(TEXTS.dry);
}

async function runFirst({ teller, guests, pass, program, till }: Stage): Promise<void> {
  const n = till.expectPast(guests.gleb) + till.expectPast(guests.daria);
  teller.tell(TEXTS.past, { n, first: guests.gleb.name, second: guests.daria.name, date: START_DATE.slice(0, 10), brake: BRAKE });
  await program.run(RUN, EXIT.no);
  await pass(MINUTE);
  teller.tell(TEXTS.yes);
  await program.run(`${RUN} --yes`);
}
