import { onTestFinished } from 'vitest';

import { Secret } from '../../src/core/secret.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import type { Gateway, OutgoingSms } from '../../src/ports/gateway.ts';
import type { Clock } from '../../src/ports/host.ts';
import { startP1smsSimulator } from '../../src/simulators/p1sms/simulator.ts';
import { startPushsmsSimulator } from '../../src/simulators/pushsms/simulator.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../../src/simulators/sms/contract.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { createHandClock } from './hand-clock.ts';
import type { HandClock } from './hand-clock.ts';

type GatewayWish = Parameters<typeof createGateway>[0]['settings'];

export function startTestSimulator(operator: GatewayName, options: SmsSimulatorOptions): Promise<SmsSimulator> {
  return SIMULATORS[operator](options);
}

const SIMULATORS: Readonly<Record<GatewayName, (options: SmsSimulatorOptions) => Promise<SmsSimulator>>> = {
  smsru: startSmsruSimulator,
  p1sms: startP1smsSimulator,
  pushsms: startPushsmsSimulator,
};

export const NUMBER = '79161234567';
/** Two segments, with a link as an invitation has. */
export const TEXT =
  'Кофейня «Пенка» расскажет о бонусах в Telegram. Ваша личная ссылка:\nhttps://t.me/penka_bot?start=AQEBAQEBAQEBAQEBAQEBAQ';

export function smsTo(number = NUMBER, wish: Partial<OutgoingSms> = {}): OutgoingSms {
  return { number, text: TEXT, reference: 'tp-17-a1b2c3', ...wish };
}

export const always = (): boolean => true;

export interface SmsSite {
  readonly simulator: SmsSimulator;
  readonly gateway: Gateway;
  /** Moved by hand: statuses go on, nothing times out by accident. */
  readonly clock: HandClock;
}

/** A gateway and its simulator, both let go when the test ends. */
export async function smsSite(
  operator: GatewayName,
  { account, ...settings }: Partial<GatewayWish> & Pick<SmsSimulatorOptions, 'account'> = {},
): Promise<SmsSite> {
  const clock = createHandClock();
  const simulator = await startTestSimulator(operator, { clock, ...(account === undefined ? {} : { account }) });
  onTestFinished(() => simulator.stop());
  return { simulator, clock, gateway: openTestGateway(operator, { clock, ...settings, apiRoot: settings.apiRoot ?? simulator.url }) };
}

export function openTestGateway(operator: GatewayName, { clock, ...wish }: Partial<GatewayWish> & { readonly clock: Clock }): Gateway {
  const settings = { key: new Secret(SIMULATED_KEY), sender: SIMULATED_SENDER, apiRoot: null, proxy: null, ca: null, timeoutMs: 30_000 };
  const gateway = createGateway({ settings: { ...settings, ...wish, operator }, clock });
  onTestFinished(() => gateway.close());
  return gateway;
}
