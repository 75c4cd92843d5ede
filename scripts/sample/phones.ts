import type { Random } from './random.ts';

/** What a customer's three places for a phone hold; `rows` go to tp_ClientPhones, `xml` to clnt_Phones, `cell` to pepl_PhoneCell. */
export interface Phones {
  readonly rows: readonly string[];
  readonly xml: string | null;
  readonly cell: string | null;
}

export const NO_PHONES: Phones = { rows: [], xml: null, cell: null };

/** The first column is the share in a hundred: which generation of Tillypad entered this customer. */
const GENERATIONS = [
  [50, 'rows'],
  [25, 'xml'],
  [20, 'cell'],
  [5, 'none'],
] as const;

export function makePhones(random: Random): Phones {
  let left = random.below(100);
  const [, generation] = GENERATIONS.find(([share]) => (left -= share) < 0) ?? GENERATIONS[0];
  return makePhonesOf(generation, random);
}

export function makePhonesOf(generation: (typeof GENERATIONS)[number][1], random: Random): Phones {
  switch (generation) {
    case 'rows':
      return { ...NO_PHONES, rows: random.chance(0.1) ? [writePhone(random), writePhone(random)] : [writePhone(random)] };
    case 'xml':
      return { ...NO_PHONES, xml: toXml([writePhone(random)]) };
    case 'cell':
      return { ...NO_PHONES, cell: writePhone(random) };
    case 'none':
      return NO_PHONES;
  }
}

export function toXml(phones: readonly string[]): string {
  return `<Phones>${phones.map((phone) => `<Phone>${phone}</Phone>`).join('')}</Phones>`;
}

/** Code 945 has been given to no operator, so that a site sent by mistake to a real gateway reaches nobody. */
function writePhone(random: Random): string {
  const digits = String(random.below(10_000_000)).padStart(7, '0');
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  return random.pick([
    `+7945${digits}`,
    `8945${digits}`,
    `945${digits}`,
    `+7 945 ${a} ${b} ${c}`,
    `8 (945) ${a}-${b}-${c}`,
    `7-945-${a}-${b}-${c}`,
  ]);
}
