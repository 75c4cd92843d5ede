import { getCountries, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';

/** Two phones are one when so many digits from the right are the same: `+7 921…` and `8 921…`. */
const COMPARED = 10;
const FEWEST = 5;
/** More digits than a phone has (E.164) are several phones with blanks between. */
const MOST = 15;
const LONGEST_TEXT = 4_000;
/** Kinds that get SMS; in some countries a number doesn't tell a mobile from a landline. */
const MOBILE: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

export type ChosenPhone =
  /** Digits of the international number without a plus. */
  { readonly ok: true; readonly number: string } | { readonly ok: false; readonly reason: 'no_phone' | 'bad_phone' };

/**
 * The first number that can get an SMS, of the texts in their order and of each text from its beginning. bad_phone: there are numbers, but
 * none is a mobile one of these countries.
 */
export function choosePhone(texts: readonly string[], countries: readonly string[]): ChosenPhone {
  let found = false;
  for (const written of texts.flatMap(phonesIn)) {
    found = true;
    const number = mobileNumber(written, countries);
    if (number !== null) return { ok: true, number };
  }
  return { ok: false, reason: found ? 'bad_phone' : 'no_phone' };
}

/** Digits of one phone as a person writes it; null for what is no mobile number of these countries. */
export function mobileNumber(written: string, countries: readonly string[]): string | null {
  const allowed = countries.filter((country) => isSupportedCountry(country));
  for (const parsed of readings(written, allowed))
    if (parsed?.isValid() === true && MOBILE.has(parsed.getType()) && allowed.some((country) => country === parsed.country))
      return parsed.number.slice(1);
  return null;
}

export function isPhoneCountry(code: string): boolean {
  return getCountries().some((country) => country === code);
}

/** The phones in a free text or in Tillypad's xml, as written; what follows «доб.» is none. */
export function phonesIn(text: string): readonly string[] {
  const plain = text.slice(0, LONGEST_TEXT).replaceAll(/<[^>]*>/gu, ';');
  return plain
    .split(/[^\d\s()+./\u2010-\u2015-]+/u)
    .flatMap((piece) => piece.split(/(?=\+)/u))
    .flatMap((piece) => (digitsOf(piece).length > MOST ? parted(piece) : [piece]))
    .map((piece) => piece.replace(/^[\s./-]+/u, '').replace(/[\s./-]+$/u, ''))
    .filter((piece) => digitsOf(piece).length >= FEWEST);
}

/** The same phone once, the first spelling wins. */
export function uniquePhones(texts: readonly string[]): readonly string[] {
  const phones = new Map<string, string>();
  for (const phone of texts.flatMap(phonesIn)) if (!phones.has(comparedDigits(phone))) phones.set(comparedDigits(phone), phone);
  return [...phones.values()];
}

export function isSamePhone(a: string, b: string): boolean {
  return phoneKey(b) === comparedDigits(a);
}

/** Whether a text holds the phone; too few digits are no phone. */
export function hasPhone(text: string, phone: string): boolean {
  return phonesIn(text).some((one) => isSamePhone(one, phone));
}

/** What phones are compared by; null = too few digits to be one. */
export function phoneKey(phone: string): string | null {
  const digits = comparedDigits(phone);
  return digits.length < FEWEST ? null : digits;
}

/** As dialled in each country, and as an international number whose plus is missing. */
function* readings(written: string, countries: readonly CountryCode[]): Generator<ReturnType<typeof parsePhoneNumberFromString>> {
  for (const country of countries) yield parsePhoneNumberFromString(written, country);
  const digits = digitsOf(written);
  if (!written.includes('+') && digits.length > COMPARED) yield parsePhoneNumberFromString(`+${digits}`);
}

/**
 * Several phones with only blanks between: `8 916 123 45 67 8 903 765 43 21`. From each group of digits on, the first run of groups that is a
 * number as Russians write it is one; where none is, each group stands alone.
 */
function parted(piece: string): string[] {
  const groups = piece.split(/[\s/]+/u).filter((group) => group !== '');
  const phones: string[] = [];
  for (let from = 0; from < groups.length;) {
    const length = [1, 2, 3, 4, 5, 6].find((count) => isWhole(groups.slice(from, from + count))) ?? 1;
    phones.push(groups.slice(from, from + length).join(' '));
    from += length;
  }
  return phones;
}

function isWhole(groups: readonly string[]): boolean {
  const written = groups.join(' ');
  const { length } = digitsOf(written);
  return length >= COMPARED && length <= MOST && parsePhoneNumberFromString(written, 'RU')?.isValid() === true;
}

function comparedDigits(phone: string): string {
  return digitsOf(phone).slice(-COMPARED);
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/gu, '');
}
