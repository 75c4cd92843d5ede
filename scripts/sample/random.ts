/** A stream of chance that depends on its seed alone, so that a site can be made again on any machine. */
export interface Random {
  /** 0 … n − 1. */
  below(n: number): number;
  /** low … high, both included. */
  between(low: number, high: number): number;
  /** True `p` of the time, 0 ≤ p ≤ 1. */
  chance(p: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Lower-case GUID text, version 4, as `newid()` gives it. */
  guid(): string;
}

const HEX = Array.from({ length: 0x10000 }, (_, word) => word.toString(16).padStart(4, '0'));
const RANGE = 2 ** 32;

/** xoshiro128**; `stream` keeps the parts of a site apart, so that more operations don't change its customers. */
export function makeRandom(seed: number, stream: number): Random {
  const next = makeGenerator(seed, stream);
  const below = (n: number): number => Math.floor((next() * n) / RANGE);
  const hex = (word: number): string => HEX[word] as string;
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (p) => next() < p * RANGE,
    pick: <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] as T,
    guid() {
      const [a, b, c, d] = [next(), next(), next(), next()];
      const head = `${hex(a >>> 16)}${hex(a & 0xffff)}-${hex(b >>> 16)}-${hex((b & 0x0fff) | 0x4000)}`;
      return `${head}-${hex(((c >>> 16) & 0x3fff) | 0x8000)}-${hex(c & 0xffff)}${hex(d >>> 16)}${hex(d & 0xffff)}`;
    },
  };
}

function makeGenerator(seed: number, stream: number): () => number {
  const mixed = makeMixer((seed >>> 0) ^ Math.imul(Math.floor(seed / RANGE) + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b));
  let [a, b, c, d] = [mixed(), mixed(), mixed(), mixed()];
  return () => {
    const scrambled = Math.imul(b, 5);
    const answer = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return answer;
  };
}

/** splitmix32: spreads neighbouring seeds over the whole state. */
function makeMixer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}
