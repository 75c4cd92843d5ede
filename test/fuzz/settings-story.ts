import { readFileSync } from 'node:fs';

import { renderProblem } from '../../src/cli/render/settings-problems.ts';
import { load, TOKEN } from '../cli/settings-host.ts';
import { spoilSettings } from './odd-settings.ts';
import type { SettingsChange } from './odd-settings.ts';

const SECRET = TOKEN.slice(TOKEN.indexOf(':') + 1);
/** The published example with a literal token. */
const EXAMPLE = readFileSync(new URL('../../docs/settings.example.yaml', import.meta.url), 'utf8').replace(
  'env:TG_BOT_TOKEN',
  `'${TOKEN}'`,
);
/** Unspoilt it loads; what is spoilt after that has somewhere to fall from. */
export const isExampleSound = (): boolean => EXAMPLE.includes(TOKEN) && load({ yaml: EXAMPLE }).ok;
const SLOW_MS = 5_000;

/** Settings that were spoilt are loaded or refused in words of both languages, soon, and no secret is in them. */
export function judgeSettings(changes: readonly SettingsChange[]): readonly string[] {
  const began = process.cpuUsage();
  const bytes = spoilSettings(EXAMPLE, changes);
  const broken = judgeLoad({ yaml: bytes });
  // The processor's time: a busy machine is no fault of the settings.
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1000;
  return took > SLOW_MS ? [...broken, `took ${Math.round(took)} ms`] : broken;
}

export function judgeParameters(parameters: Readonly<Record<string, string>> | null, taskId: string): readonly string[] {
  return judgeLoad({ parameters: [{ taskId, parameters }] });
}

function judgeLoad(request: Parameters<typeof load>[0]): readonly string[] {
  try {
    const answer = load(request);
    if (Object.hasOwn(Object.prototype, 'polluted')) return ['a prototype was changed'];
    if (answer.ok) return [];
    const said = (['en', 'ru'] as const).map((language) => answer.problems.map((problem) => renderProblem(problem, language)).join('\n'));
    return [
      ...(said.every((text) => text.length > 0) ? [] : ['refused without a word']),
      ...(said.some((text) => text.includes(SECRET)) ? ['a refusal shows the token'] : []),
      // oxlint-disable-next-line no-control-regex
      ...(said.some((text) => /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/.test(text)) ? ['a refusal would steer the terminal'] : []),
    ];
  } catch (error) {
    return [`threw: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`];
  }
}
