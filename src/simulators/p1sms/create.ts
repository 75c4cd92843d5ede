import type { Answer } from '../answer.ts';
import type { Arguments } from '../arguments.ts';
import type { AcceptedSms } from '../sms/record.ts';
import { digitsOf, take, weigh } from '../sms/weigh.ts';
import type { Refusal } from '../sms/weigh.ts';
import type { SmsWorld } from '../sms/world.ts';
import { fail, invalid, succeed } from './answers.ts';

const MOST_ITEMS = 1_000;
const LONGEST_TAG = 20;
const FIRST_ID = 370_506_000;

/** Invented, except that `low_balance` is a documented word. */
const DESCRIPTIONS: Readonly<Record<Refusal, string>> = {
  bad_number: 'Некорректный номер телефона',
  no_route: 'Номер телефона не обслуживается',
  abroad: 'Номер телефона другой страны не обслуживается',
  stop_list: 'Абонент в чёрном списке',
  empty: 'Не указан текст сообщения',
  too_long: 'Слишком длинный текст сообщения',
  daily_limit: 'Превышен дневной лимит',
  number_limit: 'Превышен лимит на абонента',
  same_minute: 'Повтор сообщения абоненту',
  no_money: 'Недостаточно средств',
};

type Item = Readonly<Record<string, unknown>>;

export function create(world: SmsWorld, args: Arguments): Answer {
  const items: unknown = args['sms'];
  if (!Array.isArray(items) || items.length === 0) return invalid('The sms field is required.');
  if (items.length > MOST_ITEMS) return invalid(`The sms may not have more than ${MOST_ITEMS} items.`);
  const scripted = world.account.scripts.get('*')?.send;
  if (scripted !== undefined) return fail(400, { message: scripted, exception: 'Exception' });
  for (const item of items as readonly Item[]) {
    const problem = findProblem(world, item);
    if (problem !== null) return invalid(problem);
  }
  return succeed((items as readonly Item[]).map((item) => createOne(world, item)));
}

/** As the platform's framework words it, by guess. */
function findProblem({ account }: SmsWorld, { phone, channel, sender, tag }: Item): string | null {
  if (typeof phone !== 'string' || !/^\d{11}$/.test(phone)) return 'The sms.0.phone must be 11 digits.';
  if (channel !== 'char' && channel !== 'digit') return 'The selected sms.0.channel is invalid.';
  if (channel === 'char' && (typeof sender !== 'string' || sender === '')) return 'The sms.0.sender field is required.';
  if (channel === 'char' && account.senders.get(String(sender)) !== true) return 'The selected sms.0.sender is invalid.';
  return typeof tag === 'string' && tag.length > LONGEST_TAG ? `The sms.0.tag may not be greater than ${LONGEST_TAG} characters.` : null;
}

/** The answer says `sent` also of what a moderator will see a moment later, as a client's author observed. */
function createOne(world: SmsWorld, item: Item): object {
  const number = digitsOf(String(item['phone']));
  const text = String(item['text'] ?? '');
  const createdAt = Math.floor(world.presence.now() / 1_000);
  const scripted = world.account.scripts.get(number)?.send;
  const refusal = weigh(world, { number, text, sender: null });
  if (scripted === undefined && refusal !== null) {
    const status = refusal === 'no_money' ? 'low_balance' : 'error';
    return { message: text, id: 0, status, phone: number, createdAt, errorDescription: DESCRIPTIONS[refusal] };
  }
  if (scripted !== undefined && !TAKEN.has(scripted))
    return { message: text, id: 0, status: scripted, phone: number, createdAt, errorDescription: null };
  const sender = item['channel'] === 'char' ? String(item['sender']) : null;
  const sms = take(world, { number, text, sender, reference: typeof item['tag'] === 'string' ? item['tag'] : null });
  return { message: text, id: idOf(sms), status: scripted ?? 'sent', phone: number, createdAt };
}

/** Words under which an SMS was taken. */
const TAKEN: ReadonlySet<string> = new Set(['created', 'moderation', 'planned', 'sent', 'delivered', 'read']);

export function idOf({ no }: AcceptedSms): number {
  return FIRST_ID + no;
}
