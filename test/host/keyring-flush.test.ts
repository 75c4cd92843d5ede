import { mkdtempSync, rmSync } from 'node:fs';
import type * as NodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { createKeyring, finishRotation, prepareRotation } from '../../src/host/keyring.ts';

const calls = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const { watchFiles } = await import('../support/watched-files.ts');
  return watchFiles(await importOriginal<typeof NodeFs>(), calls);
});

describe('a key file', () => {
  it('is on the disk before it is put in place, and so is its name: no link is signed by a key that a power cut takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyring-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const steps = process.platform === 'win32' ? ['write', 'flush', 'put in place'] : ['write', 'flush', 'put in place', 'flush'];
    calls.length = 0;
    createKeyring(join(folder, 'keys.json'));
    expect(calls).toEqual(steps);
    calls.length = 0;
    prepareRotation(join(folder, 'keys.json'), { revokeOld: false });
    expect(calls).toEqual(steps);
    calls.length = 0;
    finishRotation(join(folder, 'keys.json'));
    expect(calls).toEqual(steps);
  });
});
