import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { builtTasks, TASK_FILES } from '../../scripts/tasks/built.ts';
import { inspect } from '../../src/tpxl/inspect.ts';
import { readSqlParameters } from '../../src/tpxl/sql-parameters.ts';
import { verify } from '../../src/tpxl/verify.ts';
import type { InspectedObject } from '../../src/ports/object-files.ts';

const TASKS = new URL('../../tasks/', import.meta.url);
const [WITH = '', WITHOUT = '', NOTE = ''] = Object.values(TASK_FILES);
const PARAMETERS = ['BotToken', 'StartDate', 'ClientPurseTypes', 'ClientGroups', 'SmsOperator', 'ApiKey', 'PushToken', 'SenderName'];

const committed = (name: string): Buffer => readFileSync(new URL(encodeURIComponent(name), TASKS));

function objectsOf(name: string): readonly InspectedObject[] {
  const answer = inspect(committed(name));
  return answer.ok ? [...answer.inspection.objects] : expect.unreachable(answer.finding.code);
}

const textOf = (object: InspectedObject | undefined, column: string): string =>
  [...(object?.texts ?? [])].find((text) => text.column === column)?.languages[0]?.text ?? '';

describe('the committed files', () => {
  test.each(builtTasks().map(({ name, bytes }) => [name, bytes] as const))(
    '%s is what its definition gives; else: npm run build:tasks',
    (name, bytes) => {
      expect(Buffer.compare(committed(name), bytes)).toBe(0);
      const sums = readFileSync(new URL('SHA256SUMS', TASKS), 'utf8');
      expect(sums).toContain(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
    },
  );

  test.each([WITH, WITHOUT, NOTE])('%s has no fault', (name) => {
    expect(verify(committed(name)).filter(({ severity }) => severity === 'fault')).toEqual([]);
  });

  test('may be named beforehand: ids never change', () => {
    expect([WITH, WITHOUT, NOTE].map((name) => objectsOf(name).map(({ id }) => id))).toEqual([
      ['6ecc0242-3d4a-419f-87ac-c38c1339a865', 'c33d90fa-3698-47a8-afd0-b814e394f2a6'],
      ['aa042645-f661-4155-bc89-07f4f27a108f', 'c33d90fa-3698-47a8-afd0-b814e394f2a6'],
      ['c33d90fa-3698-47a8-afd0-b814e394f2a6'],
    ]);
  });
});

describe('the task type', () => {
  const [task, note] = objectsOf(WITH);
  const [variant] = objectsOf(WITHOUT);

  test('has the original’s name, event, eight parameters and captions', () => {
    expect(task).toMatchObject({ name: WITH.replace('.tpxl_exp', ''), events: ['tp_ClientPurseOperations'], primary: true });
    expect(task!.wizard!.neededParams).toEqual(PARAMETERS);
    expect(task!.wizard!.steps.map(({ caption }) => caption)).toEqual([
      'Токен',
      'Дата запуска уведомлений',
      'Типы счетов постоянных клиентов',
      'Группы постоянных клиентов',
      'Выбор оператора отправки СМС',
      'API-ключ (P1SMS, SMS.RU)',
      'ТОКЕН к сервису PUSHSMS',
      'Отправитель',
    ]);
    expect(task!.wizard!.steps.filter(({ choiceNeeded }) => choiceNeeded).map(({ parameters }) => parameters)).toEqual([['BotToken']]);
  });

  test('has a variant whose other six steps are the same, and whose forms were all seen', () => {
    const filters = new Set(['ClientPurseTypes', 'ClientGroups']);
    const others = task!.wizard!.steps.filter(({ parameters }) => !parameters!.some((name) => filters.has(name)));
    expect(variant!.wizard!.steps.map((step) => ({ ...step, order: 0 }))).toEqual(others.map((step) => ({ ...step, order: 0 })));
    expect(variant!.wizard!.steps.every(({ seen }) => seen)).toBe(true);
    expect(textOf(variant, 'tstp_Documentation')).toContain('filters.accountTypes');
  });

  test('brings the note type along where there is none, without its object rows, the same as in the file of its own', () => {
    const { primary, ...brought } = note!;
    const [{ primary: own, ...alone } = note!] = objectsOf(NOTE);
    expect([primary, own]).toEqual([false, true]);
    const whole = ({ texts, values, ...rest }: typeof brought): object => ({ ...rest, texts: [...texts], values: [...values] });
    expect(whole(brought)).toEqual(whole(alone));
    expect(brought.tables).toEqual([{ name: 'tp_NoteTypes', rows: 1 }]);
    expect(brought.name).toBe('chat_ID в Telegram');
    expect(Object.fromEntries([...brought.values].map(({ column, value }) => [column, value]))).toMatchObject({
      nttp_vdt_ID: 0,
      nttp_IsUnique: true,
    });
  });
});

describe('the script of the task', () => {
  const scripts = [
    { name: WITH, sql: textOf(objectsOf(WITH)[0], 'tstp_SQL'), parameters: PARAMETERS },
    { name: WITHOUT, sql: textOf(objectsOf(WITHOUT)[0], 'tstp_SQL'), parameters: PARAMETERS.filter((name) => !/Purse|Groups/.test(name)) },
  ];

  test.each(scripts)('reads each parameter of $name once, in code, and has no other sign of one', ({ sql, parameters }) => {
    const found = readSqlParameters(sql);
    expect(found.map(({ name }) => name).toSorted()).toEqual(['TaskID', ...parameters].toSorted());
    expect(found.every(({ within, part }) => within === 'code' && part === null)).toBe(true);
    expect(sql.split('%')).toHaveLength(found.length + 1);
    for (const { name } of found) expect(found.filter((other) => other.name.startsWith(name))).toHaveLength(1);
  });

  // What is known of the substitution leaves these open; none may leave a name twice or a text unfit.
  const STYLES: Readonly<Record<string, (name: string) => string>> = {
    'literals and temporary tables': (name) =>
      /Purse|Groups/.test(name) ? `#${name}` : name === 'StartDate' ? "'20261124 10:00:00'" : `N'it''s'`,
    'variables of the same name and table variables': (name) => `@${name}`,
    'variables of other names and views': (name) => (/Purse|Groups/.test(name) ? `dbo.v_${name}` : `@p_${name.length}`),
    'empty choices': (name) => (/Purse|Groups/.test(name) ? `#empty` : 'NULL'),
  };

  test.each(Object.entries(STYLES))('declares no variable twice whatever replaces a parameter: %s', (_style, replace) => {
    for (const { sql } of scripts) {
      const substituted = readSqlParameters(sql).reduceRight(
        (text, { name, at }) => text.slice(0, at) + replace(name) + text.slice(at + 1 + name.length),
        sql,
      );
      expect(substituted).not.toContain('%');
      const code = substituted.replaceAll(/\/\*[\s\S]*?\*\/|--.*|N?'(?:[^']|'')*'/g, ' ');
      const declared = [...code.matchAll(/DECLARE ([^;]*);/g)].flatMap(([, list = '']) =>
        [...list.matchAll(/(?:^|,\s*)(@\w+) (?:nvarchar|int|bit|uniqueidentifier|sql_variant|table)/g)].map(([, variable = '']) =>
          variable.toLowerCase(),
        ),
      );
      expect(declared.length).toBeGreaterThan(10);
      expect(new Set(declared).size).toBe(declared.length);
      // A replacing variable is the server's own, so none of ours may have its name.
      for (const name of ['TaskID', ...PARAMETERS]) expect(declared).not.toContain(`@${name.toLowerCase()}`);
    }
  });

  test.each(scripts)(
    'of $name ends and begins no transaction, raises nothing, builds no SQL, touches no table, and puts its settings back',
    ({ sql }) => {
      const code = sql.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/--.*|N?'(?:[^']|'')*'/g, "''");
      expect(code).not.toMatch(
        /\b(?:COMMIT|ROLLBACK|SAVE|BEGIN TRAN|RAISERROR|THROW|sp_executesql|UPDATE|DELETE|MERGE|GO|RETURN|WAITFOR)\b/i,
      );
      expect(code).not.toMatch(/EXEC\s*\(/i);
      expect(code).not.toMatch(/\btp_\w+/i);
      expect(code.match(/\bBEGIN TRY\b/g)).toHaveLength(code.match(/\bEND CATCH;/g)!.length);
      // Functions that an old compatibility level doesn't have.
      expect(code).not.toMatch(/\b(?:STRING_AGG|STRING_SPLIT|OPENJSON|TRY_CONVERT|TRY_CAST|IIF|CONCAT|FORMAT)\s*\(/i);
      expect(code.trimEnd().split('\r\n').slice(-2)).toEqual([
        'IF @options & 16384 <> 0 SET XACT_ABORT ON;',
        'IF @options & 512 = 0 SET NOCOUNT OFF;',
      ]);
    },
  );

  test('names every procedure of its contract, with its parameters, and the script that makes them', () => {
    const { sql } = scripts[0]!;
    const contract = /\/\*[\s\S]*?\*\//.exec(sql)![0];
    for (const [call, procedure = '', given = ''] of sql.replace(contract, '').matchAll(/EXEC (tgn_task\.\w+) ([^;]*);/g)) {
      const described = contract.slice(contract.indexOf(`\r\n${procedure}\r\n`));
      for (const [, name = ''] of given.matchAll(/(@\w+) = /g)) expect(described, call).toContain(`    ${name} `);
      expect(sql).toContain(`OBJECT_ID(N'${procedure}') IS NULL`);
    }
    expect(sql).toContain('ScriptForTelegram_ClientOperations.sql');
    // A text of an error may quote the value that caused it.
    expect(
      sql
        .split('BEGIN CATCH')
        .slice(1, 3)
        .some((part) => part.split('END CATCH')[0]!.includes('ERROR_NUMBER')),
    ).toBe(true);
  });
});
