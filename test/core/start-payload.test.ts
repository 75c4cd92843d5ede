import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOurs, makePayload, PAYLOAD_LENGTH, readPayload, verifyPayload } from '../../src/core/start-payload.ts';
import type { LinkPlace, ReadPayload } from '../../src/core/start-payload.ts';
import { makeKeys } from '../support/link-keys.ts';

const CUSTOMER = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const PLACE: LinkPlace = { keys: makeKeys([1]), botId: '7000000001', epoch: 0 };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const place = fc.record({
  key: fc.integer({ min: 1, max: 255 }),
  epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  bot: fc.bigInt({ min: 1n, max: 10n ** 12n }),
});

function signed(text: string): Extract<ReadPayload, { kind: 'signed' }> {
  const read = readPayload(text);
  if (read.kind !== 'signed') throw new Error(`read as ${read.kind}`);
  return read;
}

/** What a guest's link comes to: its customer, or why it was refused. */
function judge(text: string, where: LinkPlace): string {
  const read = readPayload(text);
  if (read.kind !== 'signed') return read.kind;
  const verified = verifyPayload(read, where);
  return verified.ok ? verified.customerId : verified.reason;
}

describe('a start payload', () => {
  it('leads to its customer', () => {
    const property = fc.property(fc.uuid(), place, (customer, { key, epoch, bot }) => {
      const where = { keys: makeKeys([key]), botId: String(bot), epoch };
      const text = makePayload(customer, where);
      expect(text).toMatch(/^[A-Za-z0-9_-]{36}$/);
      expect(judge(text, where)).toBe(customer);
    });
    fc.assert(property);
  });

  it('keeps the bytes it was defined with, so that links in old messages stay good', () => {
    expect(makePayload(CUSTOMER, PLACE)).toBe('AT8lBOBPiUHTmgwDBegsMwHEVxJO9e8VLVIL');
    expect(makePayload(CUSTOMER, { ...PLACE, epoch: 258 })).toBe('AT8lBOBPiUHTmgwDBegsMwGkJg2eFP6Obgdw');
  });

  it('is refused with any single bit flipped', () => {
    const property = fc.property(fc.uuid(), fc.nat({ max: 27 * 8 - 1 }), (customer, bit) => {
      const bytes = Buffer.from(makePayload(customer, PLACE), 'base64url');
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(['forged', 'malformed']).toContain(judge(bytes.toString('base64url'), PLACE));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is refused with any single character changed', () => {
    const text = makePayload(CUSTOMER, PLACE);
    const changed = Array.from({ length: PAYLOAD_LENGTH }, (_, at) =>
      Array.from(ALPHABET, (char) => text.slice(0, at) + char + text.slice(at + 1)).filter((other) => other !== text),
    ).flat();
    expect(changed).toHaveLength(36 * 63);
    expect(changed.filter((other) => !['forged', 'malformed'].includes(judge(other, PLACE)))).toEqual([]);
  });

  it('is refused in any spelling but its own', () => {
    const standard = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');
    const property = fc.property(
      fc.uuid(),
      fc.nat({ max: 36 }),
      fc.constantFrom('=', ' ', '\n', '+', '/', '.', 'А', '\u{1F600}'),
      (customer, at, char) => {
        const text = makePayload(customer, PLACE);
        const others = [
          `${text}=`,
          `${text}A`,
          text.slice(0, -1),
          text.slice(0, at) + char + text.slice(at),
          text.slice(0, at) + char + text.slice(at + 1),
        ];
        if (standard(text) !== text) others.push(standard(text));
        for (const other of others) expect(readPayload(other)).toEqual({ kind: 'malformed' });
      },
    );
    fc.assert(property);
  });

  it('is malformed when the text is anything else', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      expect(readPayload(`${text}!`)).toEqual({ kind: 'malformed' });
    });
    fc.assert(property);
    expect(readPayload('')).toEqual({ kind: 'malformed' });
    expect(readPayload('A'.repeat(36))).toEqual({ kind: 'malformed' });
  });

  it('of an earlier epoch is told apart from a forged one', () => {
    const old = makePayload(CUSTOMER, { ...PLACE, epoch: 3 });
    expect(judge(old, { ...PLACE, epoch: 4 })).toBe('old_epoch');
    expect(judge(old, { ...PLACE, epoch: 2 })).toBe('forged');
    expect(judge(old, { ...PLACE, epoch: 1_000_000 })).toBe('forged');
  });

  it('of another bot or another installation is forged', () => {
    const text = makePayload(CUSTOMER, PLACE);
    expect(judge(text, { ...PLACE, botId: '7000000002' })).toBe('forged');
    expect(judge(text, { ...PLACE, keys: makeKeys([1], 'another installation, ') })).toBe('forged');
    expect(isOurs(signed(text), PLACE)).toBe(true);
    expect(isOurs(signed(text), { ...PLACE, keys: makeKeys([1], 'another installation, ') })).toBe(false);
  });

  it('does not pass for the link of a bot whose id another id begins with', () => {
    const text = makePayload(CUSTOMER, { ...PLACE, botId: '700' });
    expect(judge(text, { ...PLACE, botId: '7000' })).toBe('forged');
  });

  it('of a former key holds until that key is revoked', () => {
    const text = makePayload(CUSTOMER, PLACE);
    expect(judge(text, { ...PLACE, keys: makeKeys([1, 2]) })).toBe(CUSTOMER);
    expect(judge(text, { ...PLACE, keys: makeKeys([2]) })).toBe('old_key');
    expect(judge(makePayload(CUSTOMER, { ...PLACE, keys: makeKeys([3]) }), { ...PLACE, keys: makeKeys([2]) })).toBe('forged');
  });

  it('is not made for what is no customer, nor without a key', () => {
    expect(() => makePayload('42', PLACE)).toThrow(TypeError);
    expect(() => makePayload(CUSTOMER, { ...PLACE, keys: { current: 5, mac: () => null } })).toThrow('no key 5');
  });
});

describe('a bare link of the former solution', () => {
  it('is read with and without hyphens, in either letter case', () => {
    const legacy = { kind: 'legacy', customerId: CUSTOMER };
    for (const text of [CUSTOMER, CUSTOMER.toUpperCase(), CUSTOMER.replaceAll('-', ''), CUSTOMER.replaceAll('-', '').toUpperCase()]) {
      expect(readPayload(text)).toEqual(legacy);
    }
    expect(readPayload(`{${CUSTOMER}}`)).toEqual({ kind: 'malformed' });
  });
});
