/** Compared by so many digits from the right: `+7 921…` and `8 921…` are one phone. */
const COMPARED = 10;
const FEWEST = 5;
/** More digits than a phone has are several phones with blanks between. */
const MOST = 15;
const LONGEST_TEXT = 4_000;

/** The phones in a free text or in Tillypad's xml, as written. */
export function phonesIn(text: string): readonly string[] {
  const plain = text.slice(0, LONGEST_TEXT).replaceAll(/<[^>]*>/gu, ';');
  return plain
    .split(/[^\d\s()+./\u2010-\u2015-]+/u)
    .flatMap((piece) => (digitsOf(piece).length > MOST ? piece.split(/[\s/]+/u) : [piece]))
    .map((piece) => piece.replace(/^[\s./-]+/u, '').replace(/[\s./-]+$/u, ''))
    .filter((piece) => digitsOf(piece).length >= FEWEST);
}

/** The same phone once, the first spelling wins. */
export function uniquePhones(texts: readonly string[]): readonly string[] {
  const phones = new Map<string, string>();
  for (const phone of texts.flatMap(phonesIn)) if (!phones.has(comparedDigits(phone))) phones.set(comparedDigits(phone), phone);
  return [...phones.values()];
}

/** Whether a text holds the phone; too few digits are no phone. */
export function hasPhone(text: string, phone: string): boolean {
  const wanted = phoneKey(phone);
  return wanted !== null && phonesIn(text).some((one) => comparedDigits(one) === wanted);
}

/** What phones are compared by; null = too few digits to be one. */
export function phoneKey(phone: string): string | null {
  const digits = comparedDigits(phone);
  return digits.length < FEWEST ? null : digits;
}

function comparedDigits(phone: string): string {
  return digitsOf(phone).slice(-COMPARED);
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/gu, '');
}
