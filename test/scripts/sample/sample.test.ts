import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { ask, makeInMemory, NOW } from './in-memory.ts';

describe('npm run sample', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-sample-'));
  const script = fileURLToPath(new URL('../../../scripts/sample/sample.ts', import.meta.url));
  const sample = (...flags: string[]) => spawnSync(process.execPath, [script, ...flags], { cwd: folder, encoding: 'utf8' });
  const at = (name: string): string => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('makes a file in WAL mode, tells whom to link, and leaves nothing beside it', () => {
    const { status, stdout, stderr } = sample(
      'made.sqlite',
      '--operations',
      '1_000',
      '--customers',
      '100',
      '--seed',
      '3',
      '--now',
      '24.11.2026 19:30',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const database = new DatabaseSync(at('made.sqlite'), { readOnly: true });
    const [regular] = makeInMemory({ customers: 100, operations: 1000, seed: 3, now: NOW }).site.regulars;
    expect(stdout).toContain(`${regular?.id}  ${regular?.name}`);
    expect(stdout).toContain(`npm run -s tp-tg-notify -- link ${regular?.id}`);
    expect(ask(database, 'select count(*) as n from operation')).toEqual([{ n: 1000n }]);
    expect(ask(database, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(ask(database, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('refuses to overwrite a file unless it is told to', () => {
    writeFileSync(at('taken.sqlite'), 'a thesis');
    const refused = sample('taken.sqlite', '--operations', '200');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('taken.sqlite exists already; --force replaces it');
    expect(sample('taken.sqlite', '--operations', '200', '--force').status).toBe(0);
    const database = new DatabaseSync(at('taken.sqlite'), { readOnly: true });
    expect(ask(database, 'select count(*) as n from operation')).toEqual([{ n: 200n }]);
    database.close();
  });

  test.each([
    [['x.sqlite', '--opperations', '5'], 'Unknown option --opperations. Did you mean --operations?'],
    [
      ['x.sqlite', '--opperations', '5', '--language', 'ru'],
      'Неизвестный ключ --opperations. Может быть, --operations?\nВызов: npm run sample -- ФАЙЛ',
    ],
    [['x.sqlite', '--language', 'de'], 'The value de of --language is not allowed. Allowed: en, ru.'],
    [['x.sqlite', '--operations', 'many'], '--operations takes a whole number from 200 to 50000000, not «many»'],
    [['x.sqlite', '--customers', '3'], '--customers takes a whole number from 100 to 5000000, not «3»'],
    [['x.sqlite', '--seed', '-1'], '--seed takes a whole number from 0 to 9007199254740991, not «-1»'],
    [['x.sqlite', '--now', '31.02.2026'], '«31.02.2026»: there is no such day or hour'],
    [['nowhere/x.sqlite'], 'there is no folder nowhere'],
    [['.'], '. is a folder'],
    [[], 'The argument <FILE> is missing.'],
    [['--language', 'ru'], 'Не указан аргумент <ФАЙЛ>.'],
    [['nowhere/x.sqlite', '--language=ru'], 'папки nowhere нет'],
    [['x.sqlite', '--customers', '3', '--language', 'ru'], '--customers: нужно целое число от 100 до 5000000, а не «3»'],
    [['x.sqlite', '--now', '31.02.2026', '--language', 'ru'], '«31.02.2026»: такого дня или часа нет'],
    [['x.sqlite', 'y.sqlite'], 'Too many arguments.'],
  ])('refuses %j with exit code 2', (flags, message) => {
    const { status, stdout, stderr } = sample(...flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(at('x.sqlite'))).toBe(false);
  });

  test('tells what was made and its help in Russian too', () => {
    const { status, stdout } = sample('russian.sqlite', '--operations', '200', '--language', 'ru');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^russian\.sqlite: операций 200, клиентов 100, /);
    expect(stdout).toMatch(/^ {2}[\da-f-]{36} {2}без анкеты$/m);
    expect(stdout).toContain('Откройте ссылку на телефоне и нажмите Start, затем:');
    expect(stdout).not.toContain('TP_TG_NOTIFY_LANGUAGE');
    expect(sample('--help', '--language', 'ru').stdout).toMatch(/^Вызов: npm run sample -- \[ключи\] <ФАЙЛ>[^]*показать эту справку\n$/);
    expect(sample('--help').stdout).toMatch(/^Usage: npm run sample -- \[options\] <FILE>/);
    expect(sample('--help').stdout).not.toMatch(/[а-яё]/i);
  });

  test('tells all that is wrong at once', () => {
    const { stderr } = sample('x.sqlite', '--operations', '1', '--customers', '1', '--seed', '1.5');
    expect(stderr.match(/takes a whole number/g)).toHaveLength(3);
  });
});
