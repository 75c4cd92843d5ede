import { badRequest, succeed, tooMany } from './answers.ts';
import type { Answer } from '../answer.ts';
import { flagOf, integerOf, textOf } from '../arguments.ts';
import type { MethodCall } from './world.ts';

/** Sets the webhook's address. Nothing is ever delivered to it: what matters here is that getUpdates is refused meanwhile. */
export function setWebhook(call: MethodCall): Answer {
  const url = textOf(call.arguments, 'url');
  if (url === '') return deleteWebhook(call);
  const { bot, world } = call;
  const now = world.presence.monotonic();
  if (now < bot.webhook.nextSetAt) return tooMany(1);
  bot.webhook.nextSetAt = now + 1_000;
  if (!/^https:\/\//i.test(url)) return badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!URL.canParse(url)) return badRequest('invalid webhook URL specified');
  if (flagOf(call.arguments, 'drop_pending_updates')) bot.updates.clear();
  else if (bot.webhook.url === url) return succeed('true', 'Webhook is already set');
  bot.waiting?.end('webhook');
  bot.webhook.url = url;
  bot.webhook.connections = integerOf(call.arguments, 'max_connections', { missing: 40, least: 1, most: 100 });
  return succeed('true', 'Webhook was set');
}

export function deleteWebhook({ bot, arguments: args }: MethodCall): Answer {
  if (flagOf(args, 'drop_pending_updates')) bot.updates.clear();
  const was = bot.webhook.url !== null;
  bot.webhook.url = null;
  return succeed('true', was ? 'Webhook was deleted' : 'Webhook is already deleted');
}

export function getWebhookInfo({ bot }: MethodCall): Answer {
  const { url, connections } = bot.webhook;
  const set = url === null ? undefined : { max_connections: connections, ip_address: '<unknown>' };
  return succeed(JSON.stringify({ url: url ?? '', has_custom_certificate: false, pending_update_count: bot.updates.pending(), ...set }));
}
