import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSilent } from '../../src/core/silence.ts';

const MINUTE = 60_000;
const at = (hour: number, minute = 0): number => Date.UTC(2026, 10, 24, hour, minute);
const old = { zone: 'UTC', operationAgeMs: 31 * MINUTE };

describe('silent hours', () => {
  test.each([
    [21, 59, false],
    [22, 0, true],
    [0, 0, true],
    [8, 59, true],
    [9, 0, false],
    [12, 0, false],
  ])('22–9 goes over midnight: %i:%i is silent: %s', (hour, minute, silent) => {
    expect(isSilent({ ...old, instant: at(hour, minute), hours: { from: 22, to: 9 } })).toBe(silent);
  });

  test.each([
    [12, false],
    [13, true],
    [14, true],
    [15, false],
  ])('13–15 stays within a day: %i is silent: %s', (hour, silent) => {
    expect(isSilent({ ...old, instant: at(hour), hours: { from: 13, to: 15 } })).toBe(silent);
  });

  test('equal hours mean the whole day', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(23), (hour, edge) => isSilent({ ...old, instant: at(hour), hours: { from: edge, to: edge } })),
    );
  });

  test('are those of the restaurant, not of UTC', () => {
    expect(isSilent({ ...old, zone: 'Asia/Vladivostok', instant: at(13), hours: { from: 22, to: 9 } })).toBe(true);
    expect(isSilent({ ...old, zone: 'UTC', instant: at(13), hours: { from: 22, to: 9 } })).toBe(false);
  });

  test('do not silence an operation of the last half hour', () => {
    expect(isSilent({ zone: 'UTC', instant: at(2), hours: { from: 22, to: 9 }, operationAgeMs: 30 * MINUTE })).toBe(false);
    expect(isSilent({ zone: 'UTC', instant: at(2), hours: { from: 22, to: 9 }, operationAgeMs: 30 * MINUTE + 1 })).toBe(true);
  });

  test('switched off are never silent', () => {
    fc.assert(
      fc.property(
        fc.nat(23),
        fc.nat(),
        (hour, operationAgeMs) => !isSilent({ zone: 'UTC', instant: at(hour), hours: null, operationAgeMs }),
      ),
    );
  });
});
