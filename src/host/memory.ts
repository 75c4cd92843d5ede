import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

import * as z from 'zod';

import type { HostMemory } from '../ports/host.ts';

const schema = z.record(z.string(), z.object({ runNo: z.number().int(), runId: z.string() }));

/**
 * The host's memory of its last run in each database, in a small file beside the settings: written, flushed and renamed, so that a crash leaves
 * the old one. A file that can't be read is as good as none; one that can't be written is a fault the run must not ignore.
 */
export function openHostMemory(path: string, database: string): HostMemory {
  const keyOf = (botId: string): string => `${botId} ${database}`;
  return {
    recall: (botId) => read(path)[keyOf(botId)] ?? null,
    remember: (botId, run) => {
      write(path, { ...read(path), [keyOf(botId)]: { runNo: run.runNo, runId: run.runId } });
    },
    forget: (botId) => {
      const { [keyOf(botId)]: _forgotten, ...rest } = read(path);
      write(path, rest);
    },
  };
}

function read(path: string): Record<string, { readonly runNo: number; readonly runId: string }> {
  try {
    return schema.catch({}).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

function write(path: string, memory: Record<string, unknown>): void {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(memory, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
