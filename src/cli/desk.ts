import type { BotId } from '../core/glossary.ts';
import type { Desk, StatusReport } from '../ports/desk.ts';
import type { CommandCall } from './command.ts';
import type { Site } from './site.ts';

/** Opens the desk for one command and lets go of it whatever happens. */
export async function atDesk<T>(call: CommandCall, site: Pick<Site, 'place'>, use: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await call.doors.openDesk(site.place);
  try {
    return await use(desk);
  } finally {
    await desk.close();
  }
}

/** A status with how the ledger stands; a desk that tells less leaves the rest out. */

export async function readStatusReport(desk: Desk, botId: BotId | null): Promise<StatusReport> {
  return desk.readStatus(botId);
}
