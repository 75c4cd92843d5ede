import type { Sentence } from '../src/cli/render/say.ts';

/** What `npm run simulate` says. */
export const SIMULATE_TEXTS = {
  usage: {
    en: 'Usage: npm run simulate -- [--port N] [--minutes N] [--token TOKEN] [--bot NAME] [--language en|ru]',
    ru: 'Вызов: npm run simulate -- [--port N] [--minutes N] [--token ТОКЕН] [--bot ИМЯ] [--language en|ru]',
  },
  badNumber: { en: '{flag} must be a number from 0 to {most}', ru: '{flag}: нужно число от 0 до {most}' },
  telegram: {
    en: 'Telegram is simulated at {url} for {minutes} min.',
    ru: 'Подставной Telegram работает по адресу {url}, минут: {minutes}.',
  },
  settings: { en: 'For the settings file:', ru: 'Для файла настроек:' },
  operators: { en: 'The SMS operators too; take one:', ru: 'СМС-операторы тоже; возьмите одного:' },
  ends: { en: 'Ctrl-C ends it.', ru: 'Закончить – Ctrl-C.' },
  keys: {
    en: 'Keys: n = a new guest · s = a guest presses Start · t = a guest writes · b = a guest blocks the bot, or comes back · f = a fault of Telegram · o = a fault of the SMS operators · m = their accounts are empty, or paid · q = quit',
    ru: 'Клавиши (в английской раскладке): n – новый гость · s – гость нажимает Start · t – гость пишет · b – гость блокирует бота или возвращается · f – сбой Telegram · o – сбой СМС-операторов · m – у них кончились деньги или снова есть · q – выход',
  },
  message: { en: 'to {name}', ru: 'гостю {name}' },
  silently: { en: 'to {name}, without sound', ru: 'гостю {name}, без звука' },
  sms: {
    en: '{operator} to {number} from {sender}, segments: {segments}',
    ru: '{operator} на {number} от {sender}, сегментов: {segments}',
  },
  smsWord: { en: 'SMS', ru: 'СМС' },
  number: { en: 'a number', ru: 'номера' },
  person: { en: '{at}: {name}, chat {chat}', ru: '{at}: {name}, чат {chat}' },
  askPayload: { en: 'Payload, or the whole link (empty = none): ', ru: 'Код или вся ссылка (пусто – без кода): ' },
  started: { en: '{name} pressed Start', ru: '{name}: нажат Start' },
  startedWith: { en: '{name} pressed Start with {payload}', ru: '{name}: нажат Start с кодом {payload}' },
  askText: { en: 'Text: ', ru: 'Текст: ' },
  paid: { en: 'The operators’ accounts are paid again', ru: 'На счетах операторов снова есть деньги' },
  empty: { en: 'The operators’ accounts are empty', ru: 'На счетах операторов кончились деньги' },
  askPerson: { en: 'Which guest (1–{count})? ', ru: 'Какой гость (1–{count})? ' },
  noPerson: { en: 'There is no guest {answer}.', ru: 'Гостя {answer} нет.' },
  notStarted: { en: '{name} has not pressed Start yet.', ru: '{name}: Start ещё не нажат.' },
  back: { en: '{name} is back', ru: '{name}: бот разблокирован' },
  blocked: { en: '{name} blocked the bot', ru: '{name}: бот заблокирован' },
  meets: { en: 'The next {what} meets {fault}.', ru: 'Следующий вызов ({what}) встретит {fault}.' },
  askFault: { en: 'Which fault for the next {what}? ', ru: 'Какой сбой для следующего вызова ({what})? ' },
  noFault: { en: 'No fault chosen.', ru: 'Сбой не выбран.' },
} satisfies Record<string, Sentence>;
