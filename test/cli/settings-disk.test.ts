import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOnDisk } from '../../src/cli/settings/disk.ts';
import { loadSettings } from '../../src/cli/settings/load.ts';
import { sharedGroup } from '../support/shared-group.ts';

const host = hostOnDisk({ platform: process.platform, folder: tmpdir(), environment: {} });
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the disk', () => {
  it('gives a file with its rights', () => {
    const answer = host.read(write('a.yaml', 'mode: test', 0o640));
    expect(answer).toMatchObject({ answer: 'file', mode: process.platform === 'win32' ? null : 0o640 });
    expect(answer.answer === 'file' && new TextDecoder().decode(answer.bytes)).toBe('mode: test');
  });

  it.skipIf(sharedGroup() === null)('tells that a group beside the account’s own may write, in the file and in its folder', () => {
    const group = sharedGroup() ?? 0;
    const path = write('group.yaml', 'mode: test');
    chownSync(path, process.getuid?.() ?? 0, group);
    chmodSync(path, 0o660);
    expect(host.read(path)).toMatchObject({ mode: 0o660, folderMode: 0o700 });
    chownSync(path, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    const former = statSync(folder);
    chownSync(folder, former.uid, group);
    chmodSync(folder, 0o770);
    expect(host.read(path)).toMatchObject({ folderMode: 0o770 });
    chownSync(folder, former.uid, former.gid);
    chmodSync(folder, 0o700);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() !== process.getgid?.())(
    'leaves out the right of a group in which nobody but the account is',
    () => {
      expect(host.read(write('own.yaml', 'mode: test', 0o664))).toMatchObject({ mode: 0o644, folderMode: 0o700 });
    },
  );

  it('tells what is not there, no file, or too large', () => {
    expect(host.read(join(folder, 'nothing'))).toEqual({ answer: 'missing' });
    expect(host.read(join(write('plain', ''), 'below'))).toEqual({ answer: 'missing' });
    expect(host.read(folder)).toEqual({ answer: 'not_a_file' });
    expect(host.read(write('large', new Uint8Array(1_048_577)))).toEqual({ answer: 'too_large' });
  });

  it.skipIf(process.platform === 'win32')('does not wait at a pipe', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    expect(host.read(pipe)).toEqual({ answer: 'not_a_file' });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'tells a file that may not be read (root may read everything)',
    () => {
      expect(host.read(write('denied', '', 0o000))).toEqual({ answer: 'denied' });
    },
  );

  it('is where settings come from, in the zone of the host', () => {
    const settingsFlag = write('s.yaml', 'database: site.sqlite\n');
    const settings = loadSettings({ settingsFlag, flags: [], host, requireDatabase: true, requireToken: false, parameters: [] });
    expect(settings).toMatchObject({
      ok: true,
      database: join(folder, 'site.sqlite'),
      tasks: [{ zone: Intl.DateTimeFormat().resolvedOptions().timeZone }],
    });
  });
});
