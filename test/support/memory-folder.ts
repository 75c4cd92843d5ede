import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';

/**
 * A folder in memory, or the usual one for temporary files where there is none with so much room. No power fails in a test: what the program flushes
 * needs no disk, and a disk makes most of a test's time.
 */
export function memoryFolder(bytes = 100e6): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= bytes ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
