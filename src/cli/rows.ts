import type { BotId } from '../core/glossary.ts';
import { maskName } from '../core/mask.ts';
import { plainText } from '../core/multilingual.ts';
import type { DeliveryStory, Desk } from '../ports/desk.ts';
import type { CommandCall } from './command.ts';
import type { FlagReader } from './flags.ts';
import type { Doubtful } from './render/resolve.ts';
import { echo } from './settings/echo.ts';

const LONGEST_REASON = 500;

/** The rows that a person wants changed, and why. */
export interface RowChoice {
  readonly rows: readonly number[] | 'all';
  readonly reason: string;
}

/** Row numbers or --all, with --reason; null = nothing is to be changed, only listed. Problems go to the flags, `check` is the caller's. */
export function readChoice(call: Pick<CommandCall, 'args'>, flags: FlagReader): RowChoice | null {
  const reason = flags.text('reason')?.trim() ?? null;
  const all = flags.on('all');
  const rows = call.args.map((text) => readRow(text));
  call.args.forEach((text, at) => {
    if (rows[at] === null) flags.problem({ code: 'bad_row', args: { value: echo(text) } });
  });
  const asked = all || rows.length > 0;
  if (!asked && reason !== null) flags.problem({ code: 'resolve_what_missing', args: {} });
  if (all && rows.length > 0) flags.problem({ code: 'resolve_rows_and_all', args: {} });
  if (asked && (reason === null || reason === '')) flags.problem({ code: 'resolve_reason_missing', args: {} });
  if (reason !== null && reason.length > LONGEST_REASON) flags.problem({ code: 'reason_too_long', args: { max: LONGEST_REASON } });
  return asked ? { rows: all ? 'all' : [...new Set(rows.flatMap((row) => row ?? []))], reason: reason ?? '' } : null;
}

function readRow(text: string): number | null {
  const row = /^\d{1,15}$/u.test(text.trim()) ? Number(text) : 0;
  return row > 0 ? row : null;
}

/** Who did it stands before the reason: the ledger outlives whoever typed. */
export function signed({ doors: { env, host } }: Pick<CommandCall, 'doors'>, reason: string): string {
  return `${env['SUDO_USER'] ?? env['USER'] ?? env['USERNAME'] ?? '?'}@${host}: ${reason}`;
}

/** Puts masked names to deliveries. */
export async function nameGuests(desk: Desk, botId: BotId, stories: readonly DeliveryStory[]): Promise<Doubtful[]> {
  const names = new Map<string, string>();
  for (const { customerId } of stories) {
    if (names.has(customerId)) continue;
    const [customer] = await desk.findCustomers({ id: customerId }, 1);
    names.set(customerId, maskName(plainText(customer?.name ?? '', 'ru')));
  }
  return stories.map((story) => ({ botId, story, guest: names.get(story.customerId) ?? '' }));
}
