import { describe, expect, it } from 'vitest';

import { FINAL_STATES, TRANSITIONS } from '../../src/core/delivery.ts';
import { DELIVERY_STATES } from '../../src/core/glossary.ts';
import type { DeliveryState } from '../../src/core/glossary.ts';

const from = (state: DeliveryState | null): string[] =>
  [...new Set(TRANSITIONS.filter((one) => one.from === state).map((one) => one.to))].toSorted();

describe('the states of a delivery', () => {
  it('moves just so, and in no other way', () => {
    expect(from(null)).toEqual(['planned', 'skipped']);
    expect(from('planned')).toEqual(['sending', 'skipped']);
    expect(from('sending')).toEqual(['delivered', 'in_doubt', 'planned', 'refused', 'skipped']);
    expect(from('in_doubt')).toEqual(['delivered', 'planned', 'refused']);
  });

  it('leaves a final state only where a backfill by hand revives what was never attempted', () => {
    expect(FINAL_STATES.flatMap((state) => TRANSITIONS.filter((one) => one.from === state))).toEqual([
      { from: 'skipped', to: 'planned', by: 'plan --since revives' },
    ]);
  });

  it('reaches every state from birth, and a final one from every state', () => {
    const reach = (start: readonly (DeliveryState | null)[]): Set<DeliveryState | null> => {
      const seen = new Set<DeliveryState | null>(start);
      for (const state of seen) for (const one of TRANSITIONS) if (one.from === state) seen.add(one.to);
      return seen;
    };
    expect([...reach([null])].filter((state) => state !== null).toSorted()).toEqual([...DELIVERY_STATES].toSorted());
    for (const state of DELIVERY_STATES) expect(FINAL_STATES.some((end) => reach([state]).has(end))).toBe(true);
  });

  it('names each way once', () => {
    const ways = TRANSITIONS.map((one) => `${one.from} ${one.to}`);
    expect(new Set(ways).size).toBe(ways.length);
  });

  it('sends only what is planned, and tells again only what surely was not sent or is marked', () => {
    expect(TRANSITIONS.filter((one) => one.to === 'sending').map((one) => one.from)).toEqual(['planned']);
    expect(TRANSITIONS.filter((one) => one.to === 'planned' && one.from !== null).map((one) => one.by)).toEqual([
      'plan --since revives',
      'record: surely not sent',
      'policy repeat or resolve, marked',
    ]);
  });
});
