import type { ServerStart, StartWay } from '../core/starting.ts';
import type { Session } from './session.ts';

/** There is no server behind the embedded engine: nothing starts a program but a schedule of the system's. */
export function readStart(session: Session): ServerStart {
  return {
    engine: 'embedded',
    database: '',
    edition: null,
    platform: null,
    agentRunning: null,
    shellEnabled: null,
    agentReady: null,
    shellReady: null,
    way: session.find('start_way').get<{ way: StartWay }>('way')?.way ?? null,
  };
}

export function setStartWay(session: Session, way: StartWay): void {
  session.find('start_way').run('set', { way, now: session.readClock().now });
}
