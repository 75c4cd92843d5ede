import { describe, expect, it } from 'vitest';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import {
  checkInvitation,
  composeInvitation,
  INVITATION_TEXTS,
  measureInvitation,
  sampleInvitation,
} from '../../src/core/invitation-text.ts';
import { LANGUAGES } from '../../src/core/glossary.ts';

const LINK = `https://t.me/penka_bot?start=${'A'.repeat(36)}`;

describe('the invitation', () => {
  it('says whose account it is about, and the link stands last and whole', () => {
    expect(composeInvitation({ texts: {}, language: 'ru', restaurant: 'Пенка' }, LINK)).toBe(
      `Пенка: операции по вашему счёту в Telegram ${LINK}`,
    );
    expect(composeInvitation({ texts: {}, language: 'en', restaurant: '' }, LINK)).toBe(`Your account operations in Telegram ${LINK}`);
  });

  it.each(LANGUAGES)(
    'of our own in %s is sound and fits two segments with a restaurant’s and a bot’s name of 20 characters each',
    (language) => {
      expect(checkInvitation(INVITATION_TEXTS[language], language)).toEqual([]);
      for (const operator of GATEWAYS) {
        const at = { operator, username: 'a_bot_of_20_letters_' };
        expect(at.username).toHaveLength(20);
        expect(measureInvitation({ texts: {}, language, restaurant: 'Ресторан «У причала»' }, at).segments).toBe(2);
      }
    },
  );

  it('is counted alike for every guest: a payload’s alphabet is plain', () => {
    const wish = { texts: {}, language: 'en', restaurant: 'Cafe' } as const;
    const real = composeInvitation(wish, 'https://t.me/penka_bot?start=AbC-_0123456789AbC-_0123456789AbC-_0');
    expect(sampleInvitation(wish, 'penka_bot')).toHaveLength(real.length);
  });

  it('takes an own text, whatever blanks are around it, and a restaurant’s name only as one line', () => {
    const texts = { ru: '\n {hasRestaurant, select, yes {«{restaurant}»} other {Мы}} ждём вас: \n' };
    expect(composeInvitation({ texts, language: 'ru', restaurant: ' Пен\nка ' }, LINK)).toBe(`«Пен ка» ждём вас: ${LINK}`);
  });

  it('may name the restaurant and nothing of the guest', () => {
    expect(checkInvitation('{customer}, здравствуйте', 'ru')).toMatchObject([{ code: 'unknown_variable', variable: 'customer' }]);
    expect(checkInvitation('{restaurant', 'ru')).toMatchObject([{ code: 'broken_syntax' }]);
    expect(checkInvitation(' ', 'ru')).toMatchObject([{ code: 'empty' }]);
  });
});
