import type { Stage } from '../../support/relay.ts';

export interface Words {
  readonly en: string;
  readonly ru: string;
}

/** What a call of a port is there for, as the page says it. */
export const CALLS: Readonly<Record<string, Words>> = {
  'ledger.openRun': { en: 'the run is opened', ru: 'запуск открывается' },
  'memory.recall': { en: 'the host recalls its last run', ru: 'машина вспоминает свой последний запуск' },
  'memory.remember': { en: 'the host remembers this run', ru: 'машина запоминает этот запуск' },
  'ledger.readWords': { en: 'words are read', ru: 'читаются сигналы' },
  'ledger.readClock': { en: 'the clock is read', ru: 'читаются часы базы' },
  'ledger.recover': { en: 'what the dead left is judged', ru: 'разбирается оставшееся от погибших' },
  'ledger.readNotes': { en: 'notes are read', ru: 'читаются заметки' },
  'ledger.saveNotes': { en: 'notes are taken over', ru: 'заметки учитываются' },
  'telegram.pull': { en: 'getUpdates', ru: 'getUpdates' },
  'ledger.findSubscribers': { en: 'subscribers are looked up', ru: 'ищутся подписчики' },
  'ledger.saveUpdates': { en: 'subscriptions and offset are saved', ru: 'сохраняются подписки и offset' },
  'ledger.savePoll': { en: 'the poll is stamped', ru: 'отмечается опрос' },
  'ledger.readAccounts': { en: 'accounts are read for the greeting', ru: 'читаются счета для приветствия' },
  'ledger.admit': { en: 'filters are recorded', ru: 'записываются фильтры' },
  'ledger.readTasks': { en: 'the tasks’ past is read', ru: 'читается прошлое задач' },
  'ledger.measure': { en: 'the brake measures', ru: 'измеряет тормоз' },
  'ledger.plan': { en: 'operations are planned', ru: 'планируются операции' },
  'ledger.advance': { en: 'outcomes are recorded, the next batch is marked', ru: 'записываются исходы, помечается следующая партия' },
  'telegram.send': { en: 'sendMessage', ru: 'sendMessage' },
  'ledger.readInvitees': { en: 'who may be invited is read', ru: 'читается, кого приглашать' },
  'telegram.identify': { en: 'getMe', ru: 'getMe' },
  'operator.readCost': { en: 'the price of an SMS is asked', ru: 'спрашивается цена СМС' },
  'ledger.saveInvitations': { en: 'invitations are planned', ru: 'планируются приглашения' },
  'ledger.readSpent': { en: 'what is spent is read', ru: 'читается потраченное' },
  'ledger.advanceInvitations': {
    en: 'the SMS’s outcome is recorded, the next is marked',
    ru: 'записывается исход СМС, помечается следующая',
  },
  'operator.readBalance': { en: 'the operator’s account is asked', ru: 'спрашивается счёт у оператора' },
  'operator.send': { en: 'the SMS is sent', ru: 'отправляется СМС' },
  'ledger.readOpenInvitations': { en: 'SMS on their way are read', ru: 'читаются СМС в пути' },
  'operator.readStatuses': { en: 'what became of SMS is asked', ru: 'спрашивается судьба СМС' },
  'ledger.saveStatuses': { en: 'what became of SMS is saved', ru: 'сохраняется судьба СМС' },
  'ledger.mirrorNotes': { en: 'notes are written', ru: 'пишутся заметки' },
  'ledger.finishRun': { en: 'the run is ended and unlocks', ru: 'запуск закрывается и снимает замок' },
};

export const SIDES: Readonly<Record<'before' | 'after', Words>> = {
  before: { en: 'before', ru: 'перед' },
  after: { en: 'after', ru: 'после' },
};

export const STAGE_WORDS: Readonly<Record<Stage, Words>> = {
  connected: { en: 'connected, nothing written', ru: 'соединение есть, ничего не написано' },
  begun: { en: 'half of the request’s head is out', ru: 'ушла половина заголовка запроса' },
  almost: { en: 'all but the request’s last byte is out', ru: 'ушло всё, кроме последнего байта запроса' },
  unprocessed: { en: 'the request is out, the service loses it', ru: 'запрос ушёл, сервис его потерял' },
  processed: { en: 'the request is out, the service does it', ru: 'запрос ушёл, сервис его выполнил' },
  answer1: { en: 'the answer’s first byte is there', ru: 'пришёл первый байт ответа' },
  answerHead: { en: 'the answer’s head is there', ru: 'пришёл заголовок ответа' },
  answerAlmost: { en: 'all but the answer’s last byte is there', ru: 'пришло всё, кроме последнего байта ответа' },
  answered: { en: 'the whole answer is there, not yet recorded', ru: 'ответ пришёл целиком, но ещё не записан' },
};

/** What an exchange is, by service, method and number; the first sendMessage greets. */
export const EXCHANGES: Readonly<Record<string, Words>> = {
  'telegram getUpdates 1': { en: 'getUpdates', ru: 'getUpdates' },
  'telegram sendMessage 1': { en: 'sendMessage, the greeting', ru: 'sendMessage, приветствие' },
  'telegram sendMessage 2': { en: 'sendMessage, a notice, another one beside it', ru: 'sendMessage, уведомление, рядом второе' },
  'telegram sendMessage 3': { en: 'sendMessage, the one beside it', ru: 'sendMessage, то второе' },
  'telegram getMe 1': { en: 'getMe', ru: 'getMe' },
  'operator /sms/cost 1': { en: 'SMS.RU, the price', ru: 'SMS.RU, цена' },
  'operator /my/balance 1': { en: 'SMS.RU, the account', ru: 'SMS.RU, счёт' },
  'operator /sms/send 1': { en: 'SMS.RU, the SMS', ru: 'SMS.RU, сама СМС' },
  'operator /sms/status 1': { en: 'SMS.RU, statuses', ru: 'SMS.RU, статусы' },
};

export const CELLS = {
  nothing: { en: 'no row yet', ru: 'строк ещё нет' },
  notices: { en: 'notices', ru: 'уведомления' },
  sms: { en: 'SMS', ru: 'СМС' },
  accepted: { en: 'SMS taken by the operator: {n}', ru: 'СМС принято оператором: {n}' },
  clean: { en: '0; nothing is said of it', ru: '0; об этом ничего не сказано' },
  once: { en: 'every notice once', ru: 'каждое уведомление один раз' },
  late: {
    en: '{n} once, with the mark of a possible repeat, after `repeatAfter`',
    ru: '{n} – один раз, с пометкой «возможно, повтор», через `repeatAfter`',
  },
  twice: { en: '{n} twice, the second time with the mark', ru: '{n} – дважды, второй раз с пометкой' },
  ungreeted: { en: 'the newcomer is subscribed but not greeted', ru: 'новичок подписан, но без приветствия' },
  unsent: {
    en: '{n} SMS never comes, and counts as sent',
    ru: '{n} СМС не приходит и считается отправленной',
  },
  doubtfulSms: { en: '{n} SMS came once, in doubt for us', ru: '{n} СМС пришла один раз, для нас под вопросом' },
} satisfies Record<string, Words>;
