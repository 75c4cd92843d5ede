import type { Keyring } from '../ports/host.ts';

/**
 * The keys that go with what the ledger knows; null = another host's. A rotation that died after the ledger had learnt the new key, and before
 * the file was finished, left a file that holds both: its next keys are the ledger's.
 */
export function keysKnownAs(keys: Keyring, fingerprint: string): Keyring | null {
  if (keys.fingerprint === fingerprint) return keys;
  return keys.next?.fingerprint === fingerprint ? keys.next : null;
}
