import type { Gateway } from '../ports/gateway.ts';
import type { VirtualClock } from './clock.ts';

/** Tells the virtual clock of every call to an operator that is under way, so that time stands still meanwhile. */
export function trackGateway(gateway: Gateway, clock: VirtualClock): Gateway {
  return {
    name: gateway.name,
    statusesAtOnce: gateway.statusesAtOnce,
    send: (sms, mayBegin) => clock.track(gateway.send(sms, mayBegin)),
    readBalance: () => clock.track(gateway.readBalance()),
    readSenders: () => clock.track(gateway.readSenders()),
    readCost: (sms) => clock.track(gateway.readCost(sms)),
    readStatuses: (ids) => clock.track(gateway.readStatuses(ids)),
    close: () => gateway.close(),
  };
}
