/** What a guest's message asks for. Anything the bot doesn't know, and any other text, asks for help. */
export type BotCommand =
  | { readonly command: 'start'; /** What follows the command; null = a plain /start. */ readonly payload: string | null }
  | { readonly command: 'stop' | 'help' | 'balance' | 'ru' | 'en' }
  | { readonly command: 'text' };

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@\w*)?(?:\s+([\s\S]*))?$/iu;

/** Reads a command in any letter case, with or without `@botname`; only the payload's letters keep their case. */
export function readCommand(text: string): BotCommand {
  const [, word = '', rest = ''] = COMMAND.exec(text.trim()) ?? [];
  const command = word.toLowerCase();
  switch (command) {
    case 'start':
      return { command, payload: rest === '' ? null : rest };
    case 'stop':
    case 'help':
    case 'balance':
    case 'ru':
    case 'en':
      return { command };
    default:
      return { command: 'text' };
  }
}
