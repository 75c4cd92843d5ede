import { request } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import type { SimulatorOptions, TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';

export const START = Date.UTC(2026, 10, 24, 12);

export interface Stage {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
}

/** A simulator on a virtual clock of its own, stopped when the test ends. */
export async function stage(options: Partial<SimulatorOptions> = {}): Promise<Stage> {
  const clock = createVirtualClock(START);
  const telegram = await startTelegramSimulator({ clock, ...options });
  onTestFinished(async () => {
    await telegram.stop();
    expect(clock.stalls).toBe(0);
  });
  return { clock, telegram };
}

/** What came back, of the shapes that Telegram answers in. */
export interface Told {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ok?: boolean;
  readonly result?: never;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, number>>;
}

/** One call by JSON, as most clients do it. */
export function call({ clock, telegram }: Stage, method: string, args: object = {}, token = SIMULATED_BOT.token): Promise<Told> {
  return clock.track(send(`${telegram.url}/bot${token}/${method}`, { body: JSON.stringify(args), type: 'application/json' }));
}

export async function send(url: string, { body, type }: { body?: string; type?: string } = {}): Promise<Told> {
  const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': type ?? '' } });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ...((await answer.json()) as object) };
}

/** An exchange taken apart, for answers that are none: what arrived, and how it ended. */
export interface RawAnswer {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** `end` when all that was promised came, else the error's code. */
  readonly ending: string;
}

export function exchange({ clock, telegram }: Stage, method: string, args: object = {}, signal?: AbortSignal): Promise<RawAnswer> {
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  };
  const raw = new Promise<RawAnswer>((resolve) => {
    const asked = request(`${telegram.url}/bot${SIMULATED_BOT.token}/${method}`, options, (answer) => {
      let body = '';
      const end = (ending: string): void => resolve({ status: answer.statusCode ?? null, headers: answer.headers, body, ending });
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => end('end'));
      answer.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: null, headers: {}, body: '', ending: error.code ?? error.message }),
    );
    asked.end(JSON.stringify(args));
  });
  return clock.track(raw);
}
