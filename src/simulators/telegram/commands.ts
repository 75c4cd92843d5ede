import { badRequest, succeed } from './answers.ts';
import type { Answer } from '../answer.ts';
import { textOf } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import type { MethodCall } from './world.ts';

/** The codes about a command's form come from Telegram's core and are not in the public source; they are as seen in the wild. */
export function setMyCommands({ bot, arguments: args }: MethodCall): Answer {
  const text = textOf(args, 'commands');
  let commands: unknown = [];
  try {
    if (text !== '') commands = JSON.parse(text);
  } catch {
    return badRequest("Can't parse commands JSON object");
  }
  if (!Array.isArray(commands)) return badRequest('Expected an Array of BotCommand');
  if (commands.length > 100) return badRequest('BOT_COMMANDS_TOO_MUCH');
  const problem = commands.map(findProblem).find((found) => found !== null);
  if (problem !== undefined) return badRequest(problem);
  const kept = commands.map(({ command, description }: Command) => ({ command: command.replace(/^\//, ''), description }));
  bot.commands.set(placeOf(args), JSON.stringify(kept));
  return succeed('true');
}

export function getMyCommands({ bot, arguments: args }: MethodCall): Answer {
  return succeed(bot.commands.get(placeOf(args)) ?? '[]');
}

export function deleteMyCommands({ bot, arguments: args }: MethodCall): Answer {
  bot.commands.delete(placeOf(args));
  return succeed('true');
}

interface Command {
  readonly command: string;
  readonly description: string;
}

function findProblem(command: unknown): string | null {
  if (typeof command !== 'object' || command === null) return "Can't parse BotCommand: expected an Object";
  const { command: name, description } = command as Partial<Record<keyof Command, unknown>>;
  if (typeof name !== 'string') return `Can't parse BotCommand: Can't find field "command"`;
  if (typeof description !== 'string') return `Can't parse BotCommand: Can't find field "description"`;
  if (!/^\/?[a-z0-9_]{1,32}$/.test(name)) return 'BOT_COMMAND_INVALID';
  return description === '' || description.length > 256 ? 'BOT_COMMAND_DESCRIPTION_INVALID' : null;
}

/** Commands stand apart for each scope and language. */
function placeOf(args: Arguments): string {
  return `${textOf(args, 'scope') || '{"type":"default"}'} ${textOf(args, 'language_code')}`;
}
