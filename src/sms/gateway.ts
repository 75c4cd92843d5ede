import type { GatewayName } from '../core/sms-outcome.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { Clock } from '../ports/host.ts';
import { createP1sms } from './p1sms.ts';
import { createPushsms } from './pushsms.ts';
import { createSmsru } from './smsru.ts';
import type { GatewaySettings } from './wire.ts';

const MAKERS: Readonly<Record<GatewayName, (given: { readonly settings: GatewaySettings; readonly clock: Clock }) => Gateway>> = {
  smsru: createSmsru,
  p1sms: createP1sms,
  pushsms: createPushsms,
};

/** The operator that the settings choose. Throws for an address, a proxy or an authority that can't be used, naming none of them. */
export function createGateway({
  settings,
  clock,
}: {
  readonly settings: GatewaySettings & { readonly operator: GatewayName };
  readonly clock: Clock;
}): Gateway {
  const gateway = MAKERS[settings.operator]({ settings, clock });
  return {
    ...gateway,
    // Nothing asked, nothing answered; an operator would call it an error.
    readStatuses: async (ids) => (ids.length === 0 ? { answer: 'statuses', statuses: [] } : gateway.readStatuses(ids)),
  };
}
