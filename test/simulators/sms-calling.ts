import { expect, onTestFinished } from 'vitest';

import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../../src/simulators/sms/contract.ts';
import { startTestSimulator } from '../support/sms-site.ts';
import { START } from './calling.ts';

export interface SmsStage {
  readonly clock: VirtualClock;
  readonly simulator: SmsSimulator;
  /** One request; a JSON answer parsed, any other as text. */
  ask(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: unknown; readonly retryAfter: string | null }>;
}

/** One operator on a virtual clock of its own, stopped when the test ends. */
export async function smsStage(operator: GatewayName, options: Partial<SmsSimulatorOptions> = {}): Promise<SmsStage> {
  const clock = createVirtualClock(START);
  const simulator = await startTestSimulator(operator, { clock, ...options });
  onTestFinished(async () => {
    await simulator.stop();
    expect(clock.stalls).toBe(0);
  });
  const ask: SmsStage['ask'] = (path, init = {}) =>
    clock.track(
      fetch(`${simulator.url}${path}`, init).then(async (answer) => {
        const text = await answer.text();
        const isJson = answer.headers.get('content-type') === 'application/json';
        return {
          status: answer.status,
          body: isJson ? (JSON.parse(text) as unknown) : text,
          retryAfter: answer.headers.get('retry-after'),
        };
      }),
    );
  return { clock, simulator, ask };
}

export function form(fields: Readonly<Record<string, string>>): RequestInit {
  return { method: 'POST', body: new URLSearchParams({ api_id: SIMULATED_KEY, json: '1', ...fields }) };
}

export function json(body: object, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

export const BEARER = { authorization: `Bearer ${SIMULATED_KEY}` };
