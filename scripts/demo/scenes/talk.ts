import type { Sentence } from '../../../src/cli/render/say.ts';
import { MINUTE, RUN } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const TEXTS = {
  says: { en: '{name} writes {text}', ru: '{name} пишет {text}' },
  forges: {
    en: '{name}, no guest at all, presses Start behind a forged link to {victim}’s account.',
    ru: '{name} – не гость вовсе – нажимает Start по поддельной ссылке на чужой счёт ({victim}).',
  },
  visits: {
    en: '{first} and {second} are at the till. {first} reads of it in the language chosen, {second} said /stop and hears nothing.',
    ru: '{first} и {second} – в ресторане. {first} читает об этом на выбранном языке; {second} просит не писать (/stop) – и не получает ничего.',
  },
} satisfies Record<string, Sentence>;

export const TALK: readonly Scene[] = [
  { title: { en: 'Guests write to the bot', ru: 'Гости пишут боту' }, play: writeToBot },
  { title: { en: 'A second run has nothing to do', ru: 'Второму запуску делать нечего' }, play: runIdle },
];

async function writeToBot(stage: Stage): Promise<void> {
  const { teller, guests, pass, program, till, stranger } = stage;
  const { anna, boris, vera } = guests;
  const other = teller.language === 'ru' ? '/en' : '/ru';
  for (const [guest, text] of [
    [anna, '/balance'],
    [boris, other],
    [vera, '/stop'],
  ] as const) {
    guest.person.say(text);
    teller.tell(TEXTS.says, { name: guest.name, text });
  }
  stranger.start(forge(await program.payloadOf(anna)));
  teller.tell(TEXTS.forges, { name: stranger.name, victim: anna.name });
  await program.run(RUN);
  await pass(MINUTE);
  till.visit(boris, [{ account: 'bonuses', sum: 64 }]);
  till.visit(vera, [{ account: 'bonuses', sum: 71 }], 'untold');
  teller.tell(TEXTS.visits, { first: boris.name, second: vera.name });
  await program.run(RUN);
}

/** The customer stays, the seal is another. */
function forge(payload: string): string {
  return payload.slice(0, -4) + (payload.endsWith('AAAA') ? 'BBBB' : 'AAAA');
}

async function runIdle({ program }: Stage): Promise<void> {
  await program.run(RUN);
}
