import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface SimulatorProcess {
  readonly url: string;
  ask(what: string, wish?: object): Promise<Record<string, unknown>>;
  stop(): void;
}

/** The Telegram simulator in a process of its own, so that it doesn't share the measured one's processor time. */
export async function startSimulator(token: string): Promise<SimulatorProcess> {
  const child: ChildProcess = fork(new URL('../scripts/simulate.ts', import.meta.url), ['--token', token, '--minutes', '30'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error('the simulator did not start')));
  });
  return {
    url,
    ask: async (what, wish = {}) => {
      const response = await fetch(`${url}/_simulator/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wish),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw new Error(`simulator: ${JSON.stringify(answer)}`);
      return answer;
    },
    stop: () => {
      child.kill('SIGTERM');
    },
  };
}
