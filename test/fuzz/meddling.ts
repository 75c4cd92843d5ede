import * as fc from 'fast-check';

import { oddText } from './odd-texts.ts';

/** What somebody between us and a service makes of one whole answer. */
export interface Meddling {
  readonly status: number | null;
  readonly headers: readonly (readonly [string, string])[];
  /** Added to the true length; null = the body comes in chunks. */
  readonly length: number | null;
  readonly body: BodyChange;
  /** The connection ends after the answer. */
  readonly close: boolean;
}

type BodyChange =
  | { readonly kind: 'as_is' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'flip'; readonly bits: readonly number[] }
  | { readonly kind: 'json'; readonly json: string }
  | { readonly kind: 'leaf'; readonly at: number; readonly json: string }
  | { readonly kind: 'drop'; readonly at: number }
  | { readonly kind: 'deep'; readonly depth: number; readonly object: boolean }
  | { readonly kind: 'padded'; readonly megabytes: number; readonly inText: boolean };

const STATUSES = [
  200, 200, 200, 201, 204, 206, 300, 301, 302, 304, 400, 401, 403, 404, 407, 409, 418, 421, 429, 429, 500, 502, 503, 504, 599, 999,
];

/** Numbers that no JSON.parse gives back as they stand, and values where others are expected. */
const LEAVES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e400',
  '-1e400',
  'NaN',
  'Infinity',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '"\\ud800"',
  '"\\u0000\\u001b[31m"',
  '"\\u202e"',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":{"ok":true}}',
  '{"constructor":1,"toString":1}',
  '{"ok":true,"ok":false}',
];

const odd = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...LEAVES),
    oddText(20).map((text) => JSON.stringify(text)),
    fc.json(),
  );

const body: fc.Arbitrary<BodyChange> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'as_is' as const }) },
  { weight: 2, arbitrary: oddText().map((text) => ({ kind: 'text' as const, text })) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ kind: 'bytes' as const, hex: Buffer.from(bytes).toString('hex') })),
  },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: 'cut' as const, share })) },
  {
    weight: 3,
    arbitrary: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 5 }).map((bits) => ({ kind: 'flip' as const, bits })),
  },
  { weight: 3, arbitrary: odd().map((json) => ({ kind: 'json' as const, json })) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('leaf' as const), at: fc.nat({ max: 1000 }), json: odd() }) },
  { weight: 2, arbitrary: fc.nat({ max: 1000 }).map((at) => ({ kind: 'drop' as const, at })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('deep' as const), depth: fc.constantFrom(100, 10_000, 300_000), object: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('padded' as const), megabytes: fc.constantFrom(0.5, 2, 10), inText: fc.boolean() }),
  },
);

const header: fc.Arbitrary<readonly [string, string]> = fc.tuple(
  fc.constantFrom('Retry-After', 'Location', 'Content-Type', 'Content-Encoding', 'Set-Cookie', 'X-Odd', 'Connection', 'Trailer', 'Upgrade'),
  fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e9',
      '99999999999999',
      'Wed, 21 Oct 2026 07:28:00 GMT',
      'gzip',
      'br',
      'close',
      'text/html; charset=utf-16',
      '//',
      'javascript:x',
      'h'.repeat(20_000),
    ),
    // Bytes as they may stand in a header; line ends would be further headers.
    fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
  ),
);

export const meddling: fc.Arbitrary<Meddling> = fc.record({
  status: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constantFrom(...STATUSES) }),
  headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) }),
  length: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(null, -3, 5) }),
  body,
  close: fc.boolean(),
});

/** For the answers to come, in their order; null = this one passes. */
export const meddlings: fc.Arbitrary<readonly (Meddling | null)[]> = fc.array(fc.option(meddling, { freq: 4 }), {
  minLength: 1,
  maxLength: 12,
});

/** The answer's bytes after the meddling; `truth` is the service's own. */
export function meddle(change: Meddling, truth: { readonly status: number; readonly body: string }): Buffer {
  const bytes = bodyOf(change.body, truth.body);
  const framing = change.length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${Math.max(0, bytes.length + change.length)}`;
  const headers = [`Content-Type: application/json`, framing, ...change.headers.map(([name, value]) => `${name}: ${value}`)];
  const head = Buffer.from(`HTTP/1.1 ${change.status ?? truth.status} Whatever\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1');
  const framed =
    change.length === null ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]) : bytes;
  return Buffer.concat([head, framed]);
}

/** What the meddling leaves of it; a body that a service could have sent itself is its word. */
function bodyOf(change: BodyChange, truth: string): Buffer {
  switch (change.kind) {
    case 'as_is':
      return Buffer.from(truth);
    case 'text':
      return Buffer.from(change.text);
    case 'bytes':
      return Buffer.from(change.hex, 'hex');
    case 'cut':
      return Buffer.from(truth).subarray(0, Math.floor(change.share * truth.length));
    case 'flip':
      return flipped(Buffer.from(truth), change.bits);
    case 'json':
      return Buffer.from(change.json);
    case 'leaf':
    case 'drop':
      return Buffer.from(otherShape(truth, change));
    case 'deep':
      return Buffer.from(
        change.object ? `${'{"a":'.repeat(change.depth)}1${'}'.repeat(change.depth)}` : '['.repeat(change.depth) + ']'.repeat(change.depth),
      );
    case 'padded': {
      const filling = ' '.repeat(change.megabytes * 1_048_576);
      return Buffer.from(change.inText ? truth.replace(/^\{/, () => `{"filling":"${filling}",`) : `${filling}${truth}`);
    }
  }
}

function flipped(bytes: Buffer, bits: readonly number[]): Buffer {
  for (const bit of bits) {
    const at = (bit >> 3) % Math.max(1, bytes.length);
    if (at < bytes.length) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
  }
  return bytes;
}

/** One value of the JSON replaced by another's text, or left out; the n-th, counted round. */
function otherShape(truth: string, change: Extract<BodyChange, { kind: 'leaf' | 'drop' }>): string {
  const MARK = '"\u0001mark"';
  let json: unknown;
  try {
    json = JSON.parse(truth);
  } catch {
    return truth;
  }
  const places: (() => void)[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const open = node as Record<string, unknown>;
    for (const key of Object.keys(open)) {
      places.push(() => {
        if (change.kind === 'drop') Reflect.deleteProperty(open, key);
        else open[key] = '\u0001mark';
      });
      visit(open[key]);
    }
  };
  visit(json);
  places[change.at % Math.max(1, places.length)]?.();
  return change.kind === 'drop'
    ? JSON.stringify(json)
    : JSON.stringify(json).replace(JSON.stringify(JSON.parse(MARK.replace('\u0001', String.raw`\u0001`))), () => change.json);
}
