import * as fc from 'fast-check';

import { oddText } from './odd-texts.ts';

/** What an editor, a shell or a bad disk makes of a settings file. */
export type SettingsChange =
  | { readonly kind: 'flip'; readonly bits: readonly number[] }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'insert'; readonly share: number; readonly text: string }
  | { readonly kind: 'value'; readonly line: number; readonly text: string }
  | { readonly kind: 'encoding'; readonly encoding: 'utf16le' | 'utf16be' | 'latin1'; readonly mark: boolean }
  | { readonly kind: 'twice'; readonly line: number }
  | { readonly kind: 'tabs' }
  | { readonly kind: 'bytes'; readonly hex: string };

const TOKENS = [
  '\t',
  '&a ',
  '*a',
  '!!binary ',
  '!!js/function ',
  '<<: *a\n',
  '--- \n',
  '...\n',
  '%YAML 9.9\n',
  '? ',
  '| \n',
  '>-\n',
  '[[[[[[[[',
  '{a: {a: {a: ',
  '"\\x00',
  "'",
  '\u0000',
  '\u2028',
  '\u00a0',
  '#',
  ': ',
  'a: &a [*a, *a]\n',
  '['.repeat(5_000),
  `x: ${'9'.repeat(400)}\n`,
  'x: 0x7fffffffffffffffff\n',
  'x: .nan\n',
  'x: -.inf\n',
  'x: 2026-13-45\n',
  '__proto__: {polluted: true}\n',
];

export const settingsChanges: fc.Arbitrary<readonly SettingsChange[]> = fc.array(
  fc.oneof<fc.Arbitrary<SettingsChange>[]>(
    fc.record({ kind: fc.constant('flip' as const), bits: fc.array(fc.nat({ max: 10_000_000 }), { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('cut' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      kind: fc.constant('insert' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.oneof(fc.constantFrom(...TOKENS), oddText()),
    }),
    fc.record({ kind: fc.constant('value' as const), line: fc.nat({ max: 1000 }), text: oddText() }),
    fc.record({
      kind: fc.constant('encoding' as const),
      encoding: fc.constantFrom('utf16le' as const, 'utf16be' as const, 'latin1' as const),
      mark: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('twice' as const), line: fc.nat({ max: 1000 }) }),
    fc.constant({ kind: 'tabs' as const }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ kind: 'bytes' as const, hex: Buffer.from(bytes).toString('hex') })),
  ),
  { minLength: 1, maxLength: 4 },
);

/** The file's bytes after all that. */
export function spoilSettings(file: string, changes: readonly SettingsChange[]): Uint8Array {
  return changes.reduce<Buffer>((bytes, change) => apply(bytes, change), Buffer.from(file));
}

function apply(bytes: Buffer, change: SettingsChange): Buffer {
  const at = (share: number): number => Math.floor(share * bytes.length);
  switch (change.kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      for (const bit of change.bits) {
        const place = (bit >> 3) % Math.max(1, flipped.length);
        if (place < flipped.length) flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << (bit & 7)), place);
      }
      return flipped;
    }
    case 'cut':
      return bytes.subarray(0, at(change.share));
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at(change.share)), Buffer.from(change.text), bytes.subarray(at(change.share))]);
    case 'value':
      return onLine(bytes, change.line, (line) => line.replace(/:.*$/s, () => `: ${change.text}`));
    case 'twice':
      return onLine(bytes, change.line, (line) => `${line}\n${line}`);
    case 'tabs':
      return Buffer.from(bytes.toString().replaceAll(/^ {2}/gm, '\t'));
    case 'encoding': {
      const text = `${change.mark ? '\ufeff' : ''}${bytes.toString()}`;
      if (change.encoding === 'latin1') return Buffer.from(text, 'latin1');
      const little = Buffer.from(text, 'utf16le');
      return change.encoding === 'utf16le' ? little : little.swap16();
    }
    case 'bytes':
      return Buffer.from(change.hex, 'hex');
  }
}

function onLine(bytes: Buffer, number: number, change: (line: string) => string): Buffer {
  const lines = bytes.toString().split('\n');
  const place = number % lines.length;
  return Buffer.from(lines.map((line, at) => (at === place ? change(line) : line)).join('\n'));
}

/** Parameters as a task's form, another program or a damaged table may hold them. */
const parameters: fc.Arbitrary<Readonly<Record<string, string>>> = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'BotToken',
      'StartDate',
      'ClientPurseTypes',
      'ClientGroups',
      'SmsOperator',
      'ApiKey',
      'PushToken',
      'SenderName',
      'bottoken ',
      '__proto__',
    ),
    oddText(20),
  ),
  fc.oneof(
    oddText(),
    fc.constantFrom(
      'env:HOME',
      'file:/etc/passwd',
      'file:../../x',
      '6f9619ff-8b86-d011-b42d-00c04fc964ff,,;',
      'NaN',
      '31.02.2026',
      '0001-01-01',
      'SMS.RU',
    ),
  ),
  { maxKeys: 6 },
);

export const storedParameters = fc.record({ taskId: oddText(10), parameters: fc.option(parameters, { freq: 20 }) });
