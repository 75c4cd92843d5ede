/**
 * `npm run demo -- [--language ru|en]`: the main job on a sample restaurant and a simulated Telegram, on a virtual clock. Exit codes: 0 nothing
 * was lost or silently doubled · 1 something was, or a fault · 2 the command line · 130 interrupted.
 */
import { parseArgs } from 'node:util';

import type { Language } from '../../src/core/glossary.ts';
import { play } from './play.ts';

const WIDEST = 120;
const NARROWEST = 60;
const USAGE = 'npm run demo -- [--language en|ru]';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
// A reader that closed the pipe (`| head`) has seen enough.
process.stdout.on('error', () => interrupt.abort());
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const asked = readLanguage(argv);
  if (asked === 'help') return finish(`${USAGE}\n`, 0);
  if (asked === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  try {
    const write = (line: string): void => void process.stdout.write(`${line}\n`);
    const kept = await play({ language: asked, write, columns: columnsOf(process.stdout.columns), signal: interrupt.signal });
    return kept ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw error;
  }
}

function finish(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

/** Undefined where no terminal is looking. */
function columnsOf(terminal: number | undefined): number {
  return Math.min(Math.max(terminal ?? WIDEST, NARROWEST), WIDEST);
}

function readLanguage(argv: readonly string[]): Language | 'help' | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { language: { type: 'string', default: 'en' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return 'help';
    return values.language === 'en' || values.language === 'ru' ? values.language : null;
  } catch {
    return null;
  }
}
