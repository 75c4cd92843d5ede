import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildTpxl } from '../../../src/cli/commands/tpxl-build.ts';
import { inspectTpxl } from '../../../src/cli/commands/tpxl-inspect.ts';
import { verifyTpxl } from '../../../src/cli/commands/tpxl-verify.ts';
import { jsonParts } from '../../../src/cli/json-parts.ts';
import { renderFailure } from '../../../src/cli/render/failure.ts';
import { TPXL_BUILD_PROBLEMS } from '../../../src/cli/render/tpxl-build-texts.ts';
import { TPXL_FINDINGS } from '../../../src/cli/render/tpxl-finding-texts.ts';
import { fileName } from '../../../src/cli/tpxl-disk.ts';
import { runIn } from '../../support/fake-doors.ts';
import { builtBytes, DEFINITION, TEXTS } from '../../tpxl/building.ts';
import { patched, resealed } from '../../tpxl/bytes.ts';

const EXAMPLE = fileURLToPath(new URL('../../tpxl/example/tpxl-example.tpxl_exp', import.meta.url));
const TASK = fileURLToPath(
  new URL(`../../../tasks/${encodeURIComponent('Информирование Клиентов о Движении средств на ЛС в Telegram.tpxl_exp')}`, import.meta.url),
);

let folder = '';
let several = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-tpxl-'));
  several = join(folder, 'several.tpxl_exp');
  writeFileSync(several, builtBytes());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspectFile = (file: string, flags = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, {}, { command: inspectTpxl, args: [file], flags }).result;
const verifyFile = (file: string, language: 'ru' | 'en' = 'ru') => runIn(language, {}, { command: verifyTpxl, args: [file] }).result;
const buildFrom = (source: string, out: string, language: 'ru' | 'en' = 'ru') =>
  runIn(language, {}, { command: buildTpxl, args: [source, out] }).result;

function planted(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('tpxl inspect', () => {
  it.each(['ru', 'en'] as const)('draws the task’s wizard as steps, with its texts, events and note type (%s)', async (language) => {
    const { code, text } = await inspectFile(TASK, {}, language);
    expect(code).toBe(0);
    expect(text.replaceAll('\u00a0', ' ')).toMatchSnapshot();
  });

  it('gives the same to programs', async () => {
    const { json } = await inspectFile(EXAMPLE);
    expect(JSON.parse([...jsonParts(json)].join('\n'))).toMatchObject({
      command: 'tpxl inspect',
      exitCode: 0,
      size: 2070,
      createdAt: '2024-01-15 12:00:00.000',
      createdUtc: '2024-01-15 09:00:00.000',
      writtenAt: '2024-01-15 12:00:01.500',
      canonical: true,
      objects: [
        { kind: 'task_type', events: ['tp_Clients'], parameters: ['Greeting', 'TaskID'], wizard: { steps: [{ caption: 'Текст' }] } },
      ],
    });
  });

  it('writes each text as a file of its own, and nothing over what is there', async () => {
    const out = join(folder, 'texts');
    const { text, json } = await inspectFile(several, { extract: out });
    expect(text).toContain('В ');
    expect(json).toMatchObject({
      extracted: expect.arrayContaining(['01 Пример/tstp_SQL.sql', '01 Пример/tstp_Wizard.txt', '02 chat_ID/nttp_Name.txt']),
    });
    expect(readdirSync(out).toSorted()).toEqual(['01 Пример', '02 chat_ID', '03 Заметка со строками']);
    expect(readFileSync(join(out, '01 Пример', 'tstp_SQL.sql'), 'utf8')).toContain('%Greeting\r\nSELECT');
    await expect(inspectFile(several, { extract: out })).rejects.toMatchObject({ code: 2, findings: [{ code: 'tpxl_not_empty' }] });
  });

  it('exits 2 for a file that isn’t there or can’t be read, and says at which byte', async () => {
    await expect(inspectFile(join(folder, 'none'))).rejects.toMatchObject({ code: 2, findings: [{ code: 'tpxl_missing' }] });
    await expect(inspectFile(folder)).rejects.toMatchObject({ code: 2, findings: [{ code: 'tpxl_unreadable' }] });
    const { code, text } = await inspectFile(planted('short', readFileSync(EXAMPLE).subarray(0, 100)));
    expect(code).toBe(2);
    expect(text).toContain('байт 4 (0x4): по заголовку за ним 2054 байт, на деле 84');
  });

  it.each([
    ['ru', ' нет. Готовые файлы лежат в папке tasks программы.'],
    ['en', '. Those to load into Tillypad lie in the program’s folder `tasks`.'],
  ] as const)('names the whole path of a file that isn’t there, and where the ready ones are (%s)', async (language, rest) => {
    const name = 'Информирование Клиентов о Движении средств на ЛС в Telegram (без выбора счетов и групп).tpxl_exp';
    const refusal: unknown = await verifyFile(join('tasks', 'nowhere', name), language).catch((error: unknown) => error);
    expect(renderFailure(refusal, language).text).toContain(resolve('tasks', 'nowhere', name) + rest);
  });

  it('shows nothing that could move a terminal’s cursor', async () => {
    const evil = DEFINITION.replaceAll('name: chat_ID,', 'name: "x\\e[2J\\u202Ey",');
    const { text } = await inspectFile(planted('evil', builtBytes(evil)));
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

const crcOf = (bytes: readonly number[]): Buffer => Buffer.from(Uint32Array.of(crc32(Buffer.from(bytes))).buffer);

describe('tpxl verify', () => {
  it('exits 0 for a good file, with remarks too', async () => {
    expect(await verifyFile(EXAMPLE)).toMatchObject({
      code: 0,
      text: expect.stringContaining('всё в порядке; объектов: 1'),
      json: { faults: 0 },
    });
    const { code, text } = await verifyFile(TASK, 'en');
    expect(code).toBe(0);
    expect(text).toMatch(/^remark, byte \d+ \(0x[\dA-F]+\), «Информирование.*»: wizard: the form TfmClientPurseTypes was never seen/m);
  });

  it.each([
    ['ru', 'байт 1513 (0x5E9): контрольная сумма 8a1b10e4'],
    ['en', 'byte 1513 (0x5E9): the checksum is 8a1b10e4'],
  ] as const)('exits 9 for a damaged one and names the byte (%s)', async (language, line) => {
    const { code, text, json } = await verifyFile(planted('damaged', patched(readFileSync(EXAMPLE), 0x200, [0x41])), language);
    expect(code).toBe(9);
    expect(text).toContain(line);
    expect(json).toMatchObject({ faults: 1, findings: [{ code: 'checksum', offset: 1513 }] });
  });

  // Places of the worked example, as its annotation names them.
  const u32 = (value: number): readonly number[] => [...Buffer.from(Uint32Array.of(value).buffer)];
  const sealed = (at: number, by: readonly number[]): Buffer => resealed(patched(readFileSync(EXAMPLE), at, by));
  const example = readFileSync(EXAMPLE);
  it.each<[string, Uint8Array, number, string, string]>([
    ['another magic', patched(example, 0, [0x50, 0x4b]), 0, 'не файл объектов Tillypad', 'no Tillypad object file'],
    [
      'a wrong size',
      patched(example, 4, [7]).fill(crcOf([7, 8, 0, 0, 0, 0, 0, 0]), 12, 16),
      4,
      'по заголовку за ним 2055',
      'says 2055 bytes',
    ],
    ['a truncated file', example.subarray(0, 1_500), 4, 'файл обрезан', 'the file is cut'],
    ['a truncated file that was sealed again', resealed(example.subarray(0, 1_500)), 24, 'нужно 1489 байт, а осталось 1476', '1489 bytes'],
    ['a wrong checksum of the header', patched(example, 0x0c, [0]), 0x0c, 'контрольная сумма', 'checksum'],
    ['a wrong checksum of a length', patched(example, 0x14, [0]), 0x14, 'контрольная сумма', 'checksum'],
    ['a wrong checksum of content', patched(example, 0x0812, [0]), 0x0812, 'контрольная сумма', 'checksum'],
    ['an unknown property type', sealed(0x05f6, [3]), 0x05f6, 'свойство неизвестного типа 3', 'unknown type 3'],
    ['an unknown column type', sealed(0x0086, [9]), 0x0086, 'столбец неизвестного типа 9', 'unknown type 9'],
    ['a value outside of the heap', sealed(0x016a, u32(1092)), 0x0165, 'выходит за отведённые 1102 байт', 'outside of its 1102 bytes'],
    ['no root', sealed(0x05f5, [0]), 2070, 'нет корневого блока', 'no root chunk'],
    ['rows of a table without a definition', sealed(0x0019, u32(7)), 0x0019, 'строки таблицы 7', 'rows of table 7'],
    ['another id in the object', sealed(0x0144, [0xff]), 0x0143, 'не совпадает', 'differs from'],
    ['another name in the object', sealed(0x01af, [0x41, 0]), 0x01af, 'название «Aример» не совпадает', 'the name «Aример» differs'],
    ['another description', sealed(0x07cb, [0x41, 0]), 0x07c7, 'Description – «Aример»', 'Description is «Aример»'],
    ['a parameter that the wizard doesn’t give', sealed(0x01f9, [0x58, 0]), 0x01f7, 'мастер не передаёт Xreeting', 'give Xreeting'],
  ])('names the byte of %s, in both languages', async (_what, bytes, offset, russian, english) => {
    const file = planted('planted', bytes);
    const place = `${offset} (0x${offset.toString(16).toUpperCase()})`;
    for (const [language, words] of [
      ['ru', russian],
      ['en', english],
    ] as const) {
      const { code, text } = await verifyFile(file, language);
      expect(code).toBe(9);
      const line = text.split('\n').find((one) => one.includes(words));
      expect(line).toMatch(language === 'ru' ? /^байт / : /^byte /);
      expect(line).toContain(place);
    }
  });

  it('exits 2 for one that isn’t there', async () => {
    await expect(verifyFile(join(folder, 'none'))).rejects.toMatchObject({ code: 2 });
  });
});

describe('tpxl build', () => {
  const source = (name: string, definition = DEFINITION): string => {
    const at = join(folder, name);
    mkdirSync(at);
    writeFileSync(join(at, 'definition.yaml'), definition);
    for (const [file, text] of Object.entries(TEXTS)) writeFileSync(join(at, file), text);
    return at;
  };

  it('makes the file of a folder, or of the YAML file itself, and tells its sum', async () => {
    const from = source('good');
    const [out, again] = [join(folder, 'made', 'out.tpxl_exp'), join(folder, 'again.tpxl_exp')];
    expect(await buildFrom(from, out)).toMatchObject({
      code: 0,
      json: { size: builtBytes().length, sha256: expect.stringMatching(/^[\da-f]{64}$/) },
    });
    copyFileSync(join(from, 'definition.yaml'), join(from, 'other.yaml'));
    expect((await buildFrom(join(from, 'other.yaml'), again, 'en')).text).toContain('SHA-256');
    expect(Buffer.compare(readFileSync(out), readFileSync(again))).toBe(0);
    expect((await verifyFile(out)).code).toBe(0);
  });

  it('exits 9 and writes nothing where the definition is wrong, all of it at once', async () => {
    const from = source('bad', DEFINITION.replace('name: Пример', 'nama: Пример').replace('utcOffsetMinutes: 180', 'utcOffsetMinutes: x'));
    const out = join(folder, 'bad.tpxl_exp');
    const { code, text } = await buildFrom(from, out);
    expect(code).toBe(9);
    expect(text).toContain('objects[0].name: нет или не того типа');
    expect(text).toContain('objects[0]: неизвестный ключ: nama (может быть, name?)');
    expect(text).toContain('utcOffsetMinutes: нет или не того типа');
    expect(existsSync(out)).toBe(false);
  });

  it('says what a value should look like, and which encoding is wanted', async () => {
    const from = source(
      'example',
      DEFINITION.replace("createdAt: '2024-01-15 12:00:00.000'", 'createdAt: 2024-01-15').replace('kind: noteType', 'kind: notetype'),
    );
    const { text } = await buildFrom(from, join(folder, 'example.tpxl_exp'));
    expect(text).toContain("createdAt: такое значение здесь недопустимо; образец допустимого: '2026-11-24 12:00:00.000'");
    expect(text).toContain('objects[1].kind: такое значение здесь недопустимо; образец допустимого: taskType | noteType | object');
    writeFileSync(join(from, 'definition.yaml'), Buffer.from([0xcf, 0xf0, 0xe8]));
    expect((await buildFrom(from, join(folder, 'example.tpxl_exp'))).text).toContain('не текст в UTF-8; сохраните его в этой кодировке');
  });

  it('exits 2 where there is no definition, or no place for the file', async () => {
    await expect(buildFrom(join(folder, 'nothing'), 'out')).rejects.toMatchObject({ code: 2, findings: [{ code: 'tpxl_missing' }] });
    await expect(buildFrom(source('target'), folder)).rejects.toMatchObject({ code: 2, findings: [{ code: 'tpxl_unwritable' }] });
  });
});

describe('the sentences', () => {
  it('are there for every code of the codec, in both directions', () => {
    const sources = readdirSync(new URL('../../../src/tpxl/', import.meta.url)).map((file) =>
      readFileSync(new URL(`../../../src/tpxl/${file}`, import.meta.url), 'utf8'),
    );
    const used = new Set(
      sources.flatMap((text) =>
        [...text.matchAll(/(?:TpxlError\(|\b(?:fault|remark|find|complain|doubt)\(|code: |: remark\)\(|add\('remark'\)\()\s*'(\w+)'/g)].map(
          ([, code = '']) => code,
        ),
      ),
    );
    const known = new Set([...Object.keys(TPXL_FINDINGS), ...Object.keys(TPXL_BUILD_PROBLEMS)]);
    expect(used.size).toBeGreaterThan(50);
    expect([...used].filter((code) => !known.has(code))).toEqual([]);
    expect([...known].filter((code) => !used.has(code))).toEqual([]);
  });
});

describe('a file’s name from a name', () => {
  it.each([
    ['Пример', 'Пример'],
    ['../../etc/passwd', '_ .. etc passwd'],
    ['a:b*c?', 'a b c'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['...', '_'],
    ['', '_'],
    ['x. . ', 'x'],
    ['a\u202egpj', 'a gpj'],
  ])('%j is %j', (given, expected) => {
    expect(fileName(given)).toBe(expected);
  });
});
