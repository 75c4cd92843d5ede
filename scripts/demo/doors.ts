import { randomUUID } from 'node:crypto';

import type { Doors } from '../../src/cli/doors.ts';
import { openHostMemory } from '../../src/host/memory.ts';
import { createKeyring, finishRotation, openKeyring, prepareRotation } from '../../src/host/keyring.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import { saveFiles } from '../../src/host/save-files.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { openDesk } from '../../src/sqlite/desk.ts';
import { install } from '../../src/sqlite/install.ts';
import { openLedger, openPlanReader } from '../../src/sqlite/ledger.ts';
import { readParameters } from '../../src/sqlite/parameters.ts';
import { openTaskLog } from '../../src/sqlite/task-log.ts';
import { uninstall } from '../../src/sqlite/uninstall.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { ZONE } from './restaurant.ts';

const silent = (): void => {};

/**
 * The doors that `src/main.ts` opens, on the virtual clock and in the restaurant's zone; nothing of the host's own settings gets in. The
 * journal is silent: its file would vanish with the folder.
 */
export function openDoors(clock: VirtualClock, settingsFile: string): Doors {
  const at = ({ database }: { readonly database: string }) => ({ file: database, clock, serverZone: ZONE });
  return {
    clock,
    host: 'demo',
    pid: process.pid,
    newId: randomUUID,
    program: { node: process.execPath, script: 'tp-tg-notify.js', system: process.platform === 'win32' ? 'windows' : 'linux' },
    saveFiles,
    env: { TP_TG_NOTIFY_SETTINGS: settingsFile },
    openLedger: async (place) => openLedger(at(place)),
    openPlanReader: async (place) => openPlanReader(at(place)),
    openDesk: async (place) => openDesk(at(place)),
    openTaskLog: async (place) => openTaskLog(at(place)),
    install: async (place, request) => install({ ...at(place), ...request }),
    uninstall: async ({ database }, request) => uninstall({ file: database, ...request }),
    planSql: () => {
      throw new Error('the demo installs by itself');
    },
    readParameters: async ({ database }) => readParameters(database),
    openChannel: (settings) => trackChannel(createTelegramChannel({ settings, clock }), clock),
    openGateway: (settings) => trackGateway(createGateway({ settings, clock }), clock),
    openKeyring,
    createKeyring,
    prepareKey: prepareRotation,
    finishKey: finishRotation,
    openMemory: (path, { database }) => openHostMemory(path, database),
    openObjectFiles: () => Promise.reject(new Error('the demo reads no object files')),
    openJournal: () => ({ tell: silent, warn: silent, fail: silent, close: async () => {} }),
  };
}
