import type { DeliveryState } from './glossary.ts';

/**
 * What moves a delivery from state to state. Every writing statement carries the same guard; `docs/states.md` is drawn from this
 * table and a test compares them. `null` is the row's birth.
 */
export const TRANSITIONS: readonly { readonly from: DeliveryState | null; readonly to: DeliveryState; readonly by: string }[] = [
  { from: null, to: 'planned', by: 'plan' },
  { from: null, to: 'skipped', by: 'plan' },
  { from: 'skipped', to: 'planned', by: 'plan --since revives' },
  { from: 'planned', to: 'sending', by: 'claim' },
  { from: 'planned', to: 'skipped', by: 'claim finds it pointless' },
  { from: 'sending', to: 'delivered', by: 'record' },
  { from: 'sending', to: 'refused', by: 'record' },
  { from: 'sending', to: 'in_doubt', by: 'record or recover' },
  { from: 'sending', to: 'planned', by: 'record: surely not sent' },
  { from: 'sending', to: 'skipped', by: 'record: its time to live is over' },
  { from: 'in_doubt', to: 'delivered', by: 'late proof or resolve' },
  { from: 'in_doubt', to: 'refused', by: 'resolve or policy giveUp' },
  { from: 'in_doubt', to: 'planned', by: 'policy repeat or resolve, marked' },
];

/** Final states hold for good, except that `--since` by hand revives skips that were never attempted. */
export const FINAL_STATES: readonly DeliveryState[] = ['delivered', 'refused', 'skipped'];
