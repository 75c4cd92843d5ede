import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type * as NodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openHostMemory } from '../../src/host/memory.ts';

const calls = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const { watchFiles } = await import('../support/watched-files.ts');
  return watchFiles(await importOriginal<typeof NodeFs>(), calls);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the host’s memory', () => {
  it('is on the disk before it takes the old one’s place, so that a power cut leaves one of them whole', () => {
    const memory = openHostMemory(join(folder, 'memory.json'), 'site.sqlite');
    calls.length = 0;
    memory.remember('7000000001', { runNo: 1, runId: 'a' });
    expect(calls).toEqual(['write', 'flush', 'put in place']);
    expect(readdirSync(folder)).toEqual(['memory.json']);
  });

  it('keeps bots and databases apart, also when one is forgotten', () => {
    const path = join(folder, 'memory.json');
    const here = openHostMemory(path, 'here.sqlite');
    const there = openHostMemory(path, 'there.sqlite');
    here.remember('7000000001', { runNo: 1, runId: 'a' });
    here.remember('7000000002', { runNo: 2, runId: 'b' });
    there.remember('7000000001', { runNo: 3, runId: 'c' });
    here.forget('7000000001');
    expect(here.recall('7000000001')).toBeNull();
    expect(here.recall('7000000002')).toEqual({ runNo: 2, runId: 'b' });
    expect(there.recall('7000000001')).toEqual({ runNo: 3, runId: 'c' });
  });

  it('that can’t be read is as good as none', () => {
    const path = join(folder, 'memory.json');
    writeFileSync(path, '{"7000000001 here.sqlite": {"runNo": "one"}}');
    expect(openHostMemory(path, 'here.sqlite').recall('7000000001')).toBeNull();
  });
});
