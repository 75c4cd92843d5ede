import { describe, expect, it } from 'vitest';

import { asks, DOUBTS, givesUp, repeats } from './doubts.ts';
import { AWAY, invitesNobody, OUTAGES } from './outage.ts';
import { prunes, retriesOurs, rotatesKeys } from './past.ts';
import { GATEWAYS, neverRepeatsSms, tellsStatuses } from './sms.ts';

const SOME = DOUBTS.filter(({ kind }) => kind === 'closeAfterProcessing' || kind === 'json500');

describe('a notice in doubt', () => {
  it.each(SOME)('is told once more with its mark, and a second doubt waits for a person ($kind)', async (doubt) => {
    expect(await repeats(doubt)()).toEqual([]);
  });

  it.each(['delivered', 'refused', 'again'] as const)('is left to a person, who resolves it as %s', async (verdict) => {
    for (const doubt of SOME) expect(await asks(doubt, verdict)()).toEqual([]);
  });

  it.each(SOME)('is given up and never told again ($kind)', async (doubt) => {
    expect(await givesUp(doubt)()).toEqual([]);
  });
});

describe('an administrator', () => {
  it('has refusals of ours told once their cause is mended', async () => {
    expect(await retriesOurs()).toEqual([]);
  });

  it('forgets what is long ago, and nothing is told again', async () => {
    expect(await prunes()).toEqual([]);
  });

  it('rotates the key, and links that are out go on working until they are revoked', async () => {
    expect(await rotatesKeys()).toEqual([]);
  });
});

describe.each(GATEWAYS)('an SMS by %s', (operator) => {
  it('is followed for three days, and shown', async () => {
    expect(await tellsStatuses(operator)()).toEqual([]);
  });

  it('in doubt is never repeated', async () => {
    expect(await neverRepeatsSms(operator)()).toEqual([]);
  });
});

describe.each(AWAY)('Telegram that is away (%s)', (away) => {
  it.each(OUTAGES)('for $minutes min makes nobody be invited, and afterwards all is told', async (outage) => {
    expect(await invitesNobody(away, outage)()).toEqual([]);
  });
});
