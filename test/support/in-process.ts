import { runProgram } from '../../src/cli/program.ts';
import { openDoors } from '../../src/main.ts';

/** Runs a command with everything in earnest, but in this process. */
export async function runHere(args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const terminal = {
    print: (text: string): void => void (out += `${text}\n`),
    write: async (text: string): Promise<void> => void (out += text),
    note: (text: string): void => void (err += `${text}\n`),
    progress: null,
    signal: new AbortController().signal,
  };
  const code = await runProgram({ argv: args, doors: openDoors(terminal), terminal, version: 'test' });
  return { code, out, err };
}
