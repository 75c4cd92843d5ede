import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cmdWord, powershellText, systemdWord, tsqlText, windowsWord, xmlText } from '../../../src/cli/schedule/quote.ts';

/** Signs that mean something somewhere, and Russian: paths as administrators make them, and worse. */
const SIGNS = [...'ab C:\\/\'"%!$(){}[]<>&|^;,=~`#@.-\t'.split(''), 'Рест', 'ё', '«', '😀', '%PATH%', '$(x)', 'СЧЁТ №1'];
const text = fc.array(fc.constantFrom(...SIGNS), { maxLength: 24 }).map((parts) => parts.join(''));
/** What a path of Windows may hold: no quotation mark, no control sign. */
const path = text.map((part) => part.replaceAll(/["\t]/gu, ''));
const ASCII = /^[ -~]*$/u;

/** T-SQL's own reading of `N'…' + CAST(0x… AS nvarchar(n))`. */
function readTsql(expression: string): string {
  const parts = [...expression.matchAll(/N'((?:[^']|'')*)'|CAST\(0x([0-9A-F]+) AS nvarchar\((\d+)\)\)/gu)];
  expect(parts.map(([part]) => part).join(' + ')).toBe(expression);
  return parts
    .map(([, literal, hex, length]) => {
      if (literal !== undefined) return literal.replaceAll("''", "'");
      const read = Buffer.from(hex ?? '', 'hex').toString('utf16le');
      expect(read).toHaveLength(Number(length));
      return read;
    })
    .join('');
}

/** The arguments as CommandLineToArgvW takes them apart. */
function readWindows(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inQuotes = false;
  let begun = false;
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\*/u.exec(line.slice(at))?.[0].length ?? 0;
    if (slashes > 0 && line[at + slashes] === '"') {
      word += '\\'.repeat(Math.floor(slashes / 2));
      begun = true;
      at += slashes - 1;
      if (slashes % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (line[at] === '"') {
      inQuotes = !inQuotes;
      begun = true;
    } else if (!inQuotes && /[ \t]/u.test(line[at] ?? '')) {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else {
      word += line[at] ?? '';
      begun = true;
    }
  }
  return begun ? [...words, word] : words;
}

/** cmd's prompt: variables that exist are replaced, carets outside quotation marks go. Signs that would end the command make it fail. */
function readCmd(line: string, variables: Readonly<Record<string, string>>): string {
  const replaced = line.replaceAll(/%([^%]*)%/gu, (whole, name: string) => variables[name.toUpperCase()] ?? whole);
  let inQuotes = false;
  let read = '';
  for (let at = 0; at < replaced.length; at++) {
    const sign = replaced[at] ?? '';
    if (sign === '^' && !inQuotes) {
      at += 1;
      read += replaced[at] ?? '';
      continue;
    }
    if (sign === '"') inQuotes = !inQuotes;
    else if (!inQuotes) expect(sign).not.toMatch(/[&|<>()]/u);
    read += sign;
  }
  return read;
}

function readXml(written: string): string {
  expect(written).not.toMatch(/[<>"']|&(?!#x[0-9A-F]+;)/u);
  return written.replaceAll(/&#x([0-9A-F]+);/gu, (_sign, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

/** systemd: quotation marks and escapes go, then specifiers, then variables. */
function readSystemd(word: string): string {
  expect(word).toMatch(/^"(?:[^"\\]|\\.)*"$/u);
  const plain = word.slice(1, -1).replaceAll(/\\(.)/gu, (_pair, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);
  expect(plain.replaceAll('%%', '')).not.toContain('%');
  expect(plain.replaceAll('$$', '')).not.toContain('$');
  return plain.replaceAll('%%', '%').replaceAll('$$', () => '$');
}

describe('any text comes back from', () => {
  it('T-SQL, from pure ASCII, and holds nothing that sqlcmd would replace', () => {
    fc.assert(
      fc.property(text, (written) => {
        const expression = tsqlText(written);
        expect(expression).toMatch(ASCII);
        expect(expression).not.toContain('$(');
        expect(readTsql(expression)).toBe(written);
      }),
      { numRuns: 500 },
    );
  });

  it('a command line of Windows, each argument as it was', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (words) => {
        expect(readWindows(words.map(windowsWord).join(' '))).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  it('cmd’s prompt, whatever variables there are', () => {
    fc.assert(
      fc.property(path, (written) => {
        const variables = { PATH: 'replaced', '': 'replaced', A: 'replaced', B: 'replaced' };
        expect(readWindows(readCmd(cmdWord(written), variables))).toEqual([written]);
      }),
      { numRuns: 500 },
    );
  });

  it('XML, from pure ASCII', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(xmlText(written)).toMatch(ASCII);
        expect(readXml(xmlText(written))).toBe(written);
      }),
      { numRuns: 500 },
    );
  });

  it('a systemd unit', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(readSystemd(systemdWord(written))).toBe(written);
      }),
      { numRuns: 500 },
    );
  });

  it('PowerShell', () => {
    fc.assert(
      fc.property(text, (written) => {
        const literal = powershellText(written);
        expect(literal).toMatch(/^'(?:[^']|'')*'$/u);
        expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(written);
      }),
    );
  });
});

describe('a program’s own path in a systemd unit', () => {
  it('keeps its dollar signs, as no variable is looked for in it', () => {
    expect(systemdWord('/opt/a$b/100%/node', 'program')).toBe('"/opt/a$b/100%%/node"');
  });
});

describe('plain words', () => {
  it('of a command line stand without quotation marks', () => {
    expect([windowsWord('--since-last'), cmdWord(String.raw`C:\tp-tg-notify\settings.yaml`)]).toEqual([
      '--since-last',
      String.raw`C:\tp-tg-notify\settings.yaml`,
    ]);
  });
});
