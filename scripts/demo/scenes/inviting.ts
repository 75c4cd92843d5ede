import type { Sentence } from '../../../src/cli/render/say.ts';
import { EXIT } from '../../../src/core/exit-code.ts';
import type { AcceptedSms } from '../../../src/simulators/sms/record.ts';
import type { Guest } from '../cast.ts';
import { DAY_CAP } from '../restaurant.ts';
import { MINUTE, RUN, SECOND } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const TEXTS = {
  operator: {
    en: 'The administrator writes an SMS operator into the settings: SMS.RU, with a cap of {cap} segments a day (200 unless set). Until now nobody was invited, and what was paid until now invites nobody.',
    ru: 'Администратор вписывает в настройки СМС-оператора: SMS.RU, предел {cap} сегментов в сутки (без настройки – 200). До сих пор не приглашали никого, и за прежние визиты приглашать не будут.',
  },
  pays: {
    en: '{name}, who is not subscribed, pays. What would an invitation cost?',
    ru: '{name} платит, а подписки нет. Во что обойдётся приглашение?',
  },
  sms: { en: 'The SMS as it came: {text}', ru: 'СМС, какой она пришла: {text}' },
  opens: { en: '{name} opens the link of the SMS and presses Start.', ru: '{name}: открыта ссылка из СМС, нажата кнопка Start.' },
  again: {
    en: '{name} pays once more, and this time reads of it in Telegram.',
    ru: '{name} снова у кассы – и теперь узнаёт об этом в Telegram.',
  },
  down: {
    en: 'Telegram is out of reach for an hour. {name} pays; nobody can know whether Start has been pressed, so nobody is invited.',
    ru: 'Telegram час недоступен. {name} у кассы; нажат ли Start, никому не узнать – и не приглашают никого.',
  },
  calls: {
    en: 'Calls that reached the operator in that hour, by its own count: {calls}.',
    ru: 'Вызовов к оператору за этот час, по его собственному счёту: {calls}.',
  },
  back: { en: 'Telegram is back.', ru: 'Telegram снова доступен.' },
  cap: {
    en: '{first} and {second} pay. Of the {cap} segments of this day only {left} are left: one SMS goes, the other waits for tomorrow.',
    ru: '{first} и {second} у кассы. Из {cap} сегментов на эти сутки осталось {left}: одна СМС уходит, вторая ждёт завтрашнего дня.',
  },
  balance: {
    en: 'Whom did it invite, and what became of them? The operator was asked in passing.',
    ru: 'Кого приглашали и что с этими СМС? Оператор спрошен попутно.',
  },
} satisfies Record<string, Sentence>;

export const INVITING: readonly Scene[] = [
  {
    title: {
      en: 'An unsubscribed guest pays, gets an SMS, and subscribes behind its link',
      ru: 'Гость без подписки платит, получает СМС и подписывается по ссылке из неё',
    },
    play: inviteGuest,
  },
  { title: { en: 'An hour without Telegram sends no SMS', ru: 'Час без Telegram не рассылает ни одной СМС' }, play: loseTelegram },
  { title: { en: 'The budget of the day is spent', ru: 'Бюджет суток исчерпан' }, play: spendBudget },
];

async function inviteGuest(stage: Stage): Promise<void> {
  const { teller, invited, pass, program, till, operator } = stage;
  const { zoya } = invited;
  stage.startInviting();
  teller.tell(TEXTS.operator, { cap: DAY_CAP[teller.language] });
  await program.run(RUN);
  await pass(MINUTE);
  till.visit(zoya, [{ account: 'deposit', sum: -420 }], 'untold');
  teller.tell(TEXTS.pays, { name: zoya.name });
  await program.run(`${RUN} --dry-run`);
  await program.run(RUN);
  const sms = operator.accepted.at(-1);
  teller.tell(TEXTS.sms, { text: sms?.text ?? '–' });
  await pass(5 * SECOND);
  openLink(zoya, sms);
  teller.tell(TEXTS.opens, { name: zoya.name });
  await pass(MINUTE);
  await program.run(RUN);
  await pass(MINUTE);
  till.visit(zoya, [{ account: 'bonuses', sum: 21 }]);
  teller.tell(TEXTS.again, { name: zoya.name });
  await program.run(RUN);
}

/** The link is taken from the SMS itself: whatever the operator or the text did to it would show here. */
function openLink({ person }: Guest, sms: Pick<AcceptedSms, 'text'> | undefined): void {
  const [, payload] = /^https:\/\/t\.me\/\w+\?start=([\w-]+)$/.exec(sms?.text.split(' ').at(-1) ?? '') ?? [];
  if (payload === undefined) throw new Error('the SMS ends with no link');
  person.start(payload);
}

async function loseTelegram({ teller, invited, pass, program, till, telegram, operator }: Stage): Promise<void> {
  const { ilya } = invited;
  const before = operator.calls.length;
  await telegram.refuse();
  till.visit(ilya, [{ account: 'deposit', sum: -150 }], 'untold');
  teller.tell(TEXTS.down, { name: ilya.name });
  for (let quarter = 0; quarter < 4; quarter += 1) {
    await program.run(RUN, EXIT.unreachable);
    await pass(15 * MINUTE);
  }
  teller.tell(TEXTS.calls, { calls: operator.calls.length - before });
  await telegram.accept();
  teller.tell(TEXTS.back);
  await program.run(RUN);
}

async function spendBudget({ teller, invited, pass, program, till, operator }: Stage): Promise<void> {
  const { kira, lev } = invited;
  const left = DAY_CAP[teller.language] - operator.sums().segments;
  for (const guest of [kira, lev]) till.visit(guest, [{ account: 'deposit', sum: -90 }], 'untold');
  teller.tell(TEXTS.cap, { first: kira.name, second: lev.name, cap: DAY_CAP[teller.language], left });
  await program.run(RUN);
  await pass(MINUTE);
  teller.tell(TEXTS.balance);
  await program.run(RUN);
  await program.run('invitations');
}
