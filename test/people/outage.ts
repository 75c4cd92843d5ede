import { withOperator } from './sms.ts';
import { scene } from './site.ts';
import type { Scene } from './site.ts';

/** How Telegram is away: nobody answers, or something in between does. */
export const AWAY = ['refused', 'html502'] as const;
export const OUTAGES = [
  { minutes: 60, everyMinutes: 10 },
  { minutes: 24 * 60, everyMinutes: 60 },
] as const;

const SUBSCRIBED = 3;
const OTHERS = 3;

/**
 * Telegram is away while guests pay: nobody is invited because of it. Afterwards each notice comes once, whoever is subscribed gets no SMS, and
 * whoever isn't gets the one that they would have got anyway.
 */
export function invitesNobody(away: (typeof AWAY)[number], { minutes, everyMinutes }: (typeof OUTAGES)[number]): Scene {
  return scene(async (site, expect) => {
    const { world } = site;
    const { telegram } = world;
    await withOperator('smsru', site, async (operator) => {
      const subscribed = [site.customer];
      for (let n = 1; n < SUBSCRIBED; n += 1) {
        const customer = world.customer(`Гость ${n}`, `7916000010${n}`);
        world.guest(customer);
        subscribed.push(customer);
      }
      await site.run();
      const others = Array.from({ length: OTHERS }, (_none, n) => world.customer(`Чужой ${n}`, `7916000020${n}`));
      if (away === 'refused') await telegram.refuse(minutes * 60_000);
      else telegram.faults.add({ kind: 'html502', times: Number.POSITIVE_INFINITY });
      const before = telegram.messages.length;
      let paid = 0;
      for (let gone = 0; gone < minutes - everyMinutes; gone += everyMinutes) {
        for (const customer of [...subscribed, ...others]) world.operation(customer);
        paid += SUBSCRIBED;
        await site.pass(everyMinutes - 1);
        await site.run();
      }
      expect(operator.accepted.length === 0, `${operator.accepted.length} SMS while Telegram was away for ${minutes} min`);
      expect(telegram.messages.length === before, 'a message came through');
      telegram.faults.clear();
      await site.pass(everyMinutes + 1);
      for (let n = 0; n < 4; n += 1) {
        await site.run();
        await site.pass(20);
      }
      // In the morning, for who may not be woken.
      await site.pass(12 * 60);
      await site.run();
      const told = telegram.messages.slice(before).reduce((sum, { text }) => sum + (text.match(/➖/gu) ?? []).length, 0);
      expect(told >= paid, `${told} of ${paid} operations of subscribed guests were told afterwards`);
      const numbers = operator.accepted.map(({ number }) => number);
      expect(
        numbers.every((number) => number.startsWith('7916000020')),
        'a subscribed guest was invited',
      );
      expect(new Set(numbers).size === numbers.length && numbers.length === OTHERS, `${numbers.length} SMS to ${OTHERS} strangers`);
    });
  });
}
