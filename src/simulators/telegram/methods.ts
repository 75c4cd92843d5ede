import { succeed } from './answers.ts';
import { deleteMyCommands, getMyCommands, setMyCommands } from './commands.ts';
import { getUpdates } from './get-updates.ts';
import { sendMessage } from './send-message.ts';
import { deleteWebhook, getWebhookInfo, setWebhook } from './webhook.ts';
import type { Method } from './world.ts';

const METHODS: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) =>
    succeed(
      JSON.stringify({
        id: bot.id,
        is_bot: true,
        first_name: bot.firstName,
        username: bot.username,
        can_join_groups: true,
        can_read_all_group_messages: false,
        supports_inline_queries: false,
        can_connect_to_business: false,
        has_main_web_app: false,
      }),
    ),
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
};

const BY_LOWER_NAME = new Map(Object.entries(METHODS).map(([name, run]) => [name.toLowerCase(), { name, run }]));

/** In any spelling of case; undefined for every method that the simulator doesn't play. */
export function findMethod(name: string): { readonly name: string; readonly run: Method } | undefined {
  return BY_LOWER_NAME.get(name) ?? BY_LOWER_NAME.get(name.toLowerCase());
}
