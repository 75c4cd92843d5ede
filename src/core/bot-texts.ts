import type { Language } from './glossary.ts';

/**
 * What the bot says in one language. Every argument is HTML already: cleaned, cut and escaped. `restaurant` and `contact` are '' where the
 * settings have none.
 */
export interface BotTexts {
  readonly welcome: (restaurant: string) => string;
  readonly already: (restaurant: string) => string;
  readonly balance: (restaurant: string) => string;
  /** One account: `amount` null = it can't be told now. */
  readonly account: (accountType: string, amount: string | null) => string;
  readonly noAccounts: string;
  readonly lastOperation: (operation: { readonly when: string; readonly accountType: string; readonly amount: string }) => string;
  /** Heads the accounts of each customer where a chat holds several. Staff's names for them are not for guests' eyes. */
  readonly member: (number: number) => string;
  readonly more: string;
  readonly commands: string;
  readonly movedAway: (restaurant: string, contact: string) => string;
  readonly stopped: string;
  readonly language: string;
  readonly help: (restaurant: string) => string;
  readonly helpStranger: (restaurant: string) => string;
  readonly refused: string;
  readonly refusedUsed: string;
  readonly refusedGroup: string;
  readonly newLink: (contact: string) => string;
  readonly ask: (contact: string) => string;
}

/** The menu of commands, for setMyCommands; `/ru` and `/en` name the other language in its own words. */
export const BOT_COMMANDS: Readonly<Record<Language, readonly { readonly command: string; readonly description: string }[]>> = {
  ru: [
    { command: 'balance', description: 'Остаток и последняя операция' },
    { command: 'stop', description: 'Отключить уведомления' },
    { command: 'start', description: 'Включить их снова' },
    { command: 'en', description: 'Switch to English' },
    { command: 'help', description: 'Помощь' },
  ],
  en: [
    { command: 'balance', description: 'Balance and last operation' },
    { command: 'stop', description: 'Turn notifications off' },
    { command: 'start', description: 'Turn them on again' },
    { command: 'ru', description: 'Перейти на русский' },
    { command: 'help', description: 'Help' },
  ],
};

export const BOT_TEXTS: Readonly<Record<Language, BotTexts>> = {
  ru: {
    welcome: (restaurant) => `${heading(restaurant)}Здравствуйте! Теперь мы будем сообщать вам здесь об операциях по вашему счёту.`,
    already: (restaurant) => `${heading(restaurant)}Всё в порядке: уведомления о вашем счёте уже приходят в этот чат.`,
    balance: bold,
    account: (accountType, amount) =>
      `${accountType}: ${amount === null ? 'сейчас не можем показать, загляните позже' : `<b>${amount}</b>`}`,
    noAccounts: 'Операций по счёту пока не было.',
    lastOperation: ({ when, accountType, amount }) => `Последняя операция: ${when}, ${accountType}, <b>${amount}</b>`,
    member: (number) => `<b>Участник ${number}</b>`,
    more: '…и другие счета.',
    commands: '/balance – остаток\n/stop – отключить уведомления\n/en – English',
    movedAway: (restaurant, contact) =>
      `${heading(restaurant)}Уведомления о вашем счёте теперь приходят в другой чат: там открыли вашу персональную ссылку. ${
        contact === '' ? 'Если это были не вы, скажите, пожалуйста, в ресторане.' : `Если это были не вы, сообщите нам: ${contact}`
      }`,
    stopped: 'Уведомления отключены. Передумаете – отправьте /start, и мы снова будем на связи.',
    language: 'Хорошо, будем писать по-русски.',
    help: (restaurant) => `${heading(restaurant)}В этот чат приходят уведомления о вашем счёте.`,
    helpStranger: (restaurant) =>
      `${heading(restaurant)}Здесь мы сообщаем гостям об операциях по их счёту. Чтобы подключиться, откройте свою персональную ссылку и нажмите «Старт». Если вы отключали уведомления, отправьте /start.`,
    refused: 'К сожалению, эта ссылка не подошла.',
    refusedUsed: 'Этой ссылкой уже воспользовались.',
    refusedGroup: 'Движения по счёту – дело личное. Откройте, пожалуйста, ссылку в личном чате с ботом.',
    newLink: (contact) => (contact === '' ? 'Попросите, пожалуйста, новую в ресторане.' : `За новой обращайтесь: ${contact}`),
    ask: (contact) => (contact === '' ? 'Есть вопросы? Спросите, пожалуйста, в ресторане.' : `Есть вопросы? Обращайтесь: ${contact}`),
  },
  en: {
    welcome: (restaurant) => `${heading(restaurant)}Welcome! From now on we will tell you here about the operations on your account.`,
    already: (restaurant) => `${heading(restaurant)}All is well: this chat already gets the notifications about your account.`,
    balance: bold,
    account: (accountType, amount) =>
      `${accountType}: ${amount === null ? 'we can’t show it right now, please try later' : `<b>${amount}</b>`}`,
    noAccounts: 'There have been no operations on your account yet.',
    lastOperation: ({ when, accountType, amount }) => `Last operation: ${when}, ${accountType}, <b>${amount}</b>`,
    member: (number) => `<b>Member ${number}</b>`,
    more: '…and other accounts.',
    commands: '/balance – balance\n/stop – turn notifications off\n/ru – русский',
    movedAway: (restaurant, contact) =>
      `${heading(restaurant)}The notifications about your account now go to another chat, where your personal link was opened. ${
        contact === '' ? 'If that wasn’t you, please tell us at the restaurant.' : `If that wasn’t you, please tell us: ${contact}`
      }`,
    stopped: 'Notifications are off. Should you change your mind, send /start and we will be back.',
    language: 'Fine, we will write in English.',
    help: (restaurant) => `${heading(restaurant)}This chat gets the notifications about your account.`,
    helpStranger: (restaurant) =>
      `${heading(restaurant)}Here we tell our guests about the operations on their account. To join, open your personal link and press “Start”. If you turned notifications off, send /start.`,
    refused: 'Sorry, this link didn’t work.',
    refusedUsed: 'This link has been used already.',
    refusedGroup: 'An account is a private matter. Please open the link in a private chat with the bot.',
    newLink: (contact) => (contact === '' ? 'Please ask for a new one at the restaurant.' : `For a new one, please contact us: ${contact}`),
    ask: (contact) => (contact === '' ? 'Questions? Please ask at the restaurant.' : `Questions? Please contact us: ${contact}`),
  },
};

function bold(restaurant: string): string {
  return restaurant === '' ? '' : `<b>${restaurant}</b>`;
}

function heading(restaurant: string): string {
  return restaurant === '' ? '' : `${bold(restaurant)}\n`;
}
