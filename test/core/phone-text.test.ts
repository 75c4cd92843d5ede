import { describe, expect, it } from 'vitest';

import { phonesIn, uniquePhones } from '../../src/core/phone.ts';

describe('phones in a free text', () => {
  it.each([
    ['8 (921) 123-45-67', ['8 (921) 123-45-67']],
    ['<Phones><Phone>+79211234567</Phone><Phone>812 5550000</Phone></Phones>', ['+79211234567', '812 5550000']],
    ['раб. 8-812-555-00-00 доб. 12, моб. 9211234567', ['8-812-555-00-00', '9211234567']],
    ['89211234567 89217654321', ['89211234567', '89217654321']],
    ['89211234567/89217654321', ['89211234567', '89217654321']],
    ['нет телефона', []],
    ['12', []],
    ['', []],
  ])('%s', (text, phones) => {
    expect(phonesIn(text)).toEqual(phones);
  });

  it('are listed once whatever their spelling', () => {
    expect(uniquePhones(['8 921 123-45-67', '+7 (921) 1234567; 8125550000'])).toEqual(['8 921 123-45-67', '8125550000']);
  });

  it('are found quickly in a text without end', () => {
    expect(phonesIn('1'.repeat(10_000_000)).length).toBeLessThan(2);
  });
});
