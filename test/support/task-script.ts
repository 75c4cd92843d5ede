import { builtTasks, TASK_FILES } from '../../scripts/tasks/built.ts';
import { inspect } from '../../src/tpxl/inspect.ts';
import { readSqlParameters } from '../../src/tpxl/sql-parameters.ts';

/** What Tillypad's server may put in the place of each parameter, and what it must have said before, in an earlier batch or in the same one. */
export interface Substitution {
  readonly name: string;
  readonly before: string;
  readonly prelude: string;
  replace(parameter: string): string;
  /** How the batch is sent; as it is, where absent. */
  send?(batch: string): string;
}

export const TASK_ID = '6ecc0242-3d4a-419f-87ac-c38c1339a865';
export const TYPES = ['0B942827-D9C2-4B7E-B262-FDFEB24DF235', 'C81D9A89-F88D-4A38-A194-5AF15A749197'];
export const GROUP = '1F1A0C02-8A0B-4E2C-9A3E-0A6E7E0D2B11';

const LISTS: Readonly<Record<string, string>> = {
  ClientPurseTypes: `cptp_ID uniqueidentifier NULL, cptp_Name nvarchar(50) NULL`,
  ClientGroups: `clgr_ID uniqueidentifier NULL`,
};
const ROWS: Readonly<Record<string, string>> = {
  ClientPurseTypes: [TYPES[1], TYPES[0], TYPES[1]].map((id) => `('${id}', N'Deposit')`).join(', '),
  ClientGroups: `('${GROUP}')`,
};
const SCALARS: Readonly<Record<string, readonly [type: string, literal: string]>> = {
  TaskID: ['uniqueidentifier', `'${TASK_ID}'`],
  BotToken: ['nvarchar(max)', `N'7000000001:it''s'`],
  StartDate: ['datetime', `'20261124 10:00:00'`],
  SmsOperator: ['nvarchar(max)', 'NULL'],
  ApiKey: ['nvarchar(max)', `N'ключ'`],
  PushToken: ['nvarchar(max)', `N''`],
  SenderName: ['nvarchar(max)', `N'Кафе'`],
};

const literalOf = (name: string): string => SCALARS[name]?.[1] ?? 'NULL';
const isList = (name: string): boolean => name in LISTS;

/** Makes the lists under these names, filled or empty; `how`: `CREATE TABLE #x` or `DECLARE @x table`. */
function lists(how: (name: string) => string, into: (name: string) => string, filled = true): string {
  return Object.keys(LISTS)
    .map((name) => `${how(name)} (${LISTS[name]}); ${filled ? `INSERT INTO ${into(name)} VALUES ${ROWS[name]};` : ''}`)
    .join('\n');
}

const temporary = {
  before: lists(
    (name) => `CREATE TABLE #${name}`,
    (name) => `#${name}`,
  ),
  prelude: '',
};
const declare = (mark: string): string =>
  Object.entries(SCALARS)
    .map(([name, [type, literal]]) => `DECLARE @${mark}${name} ${type}; SET @${mark}${name} = ${literal};`)
    .join('\n');

export const SUBSTITUTIONS: readonly Substitution[] = [
  { name: 'literals and temporary tables', ...temporary, replace: (name) => (isList(name) ? `#${name}` : literalOf(name)) },
  {
    name: 'variables and table variables of other names',
    before: '',
    prelude: `${declare('p_')}\n${lists(
      (name) => `DECLARE @t_${name} table`,
      (name) => `@t_${name}`,
    )}`,
    replace: (name) => (isList(name) ? `@t_${name}` : `@p_${name}`),
  },
  {
    name: 'variables and table variables of the parameters’ own names',
    before: '',
    prelude: `${declare('')}\n${lists(
      (name) => `DECLARE @${name} table`,
      (name) => `@${name}`,
    )}`,
    replace: (name) => `@${name}`,
  },
  {
    name: 'literals and views',
    before: `EXEC (N'CREATE VIEW dbo.v_ClientPurseTypes AS SELECT CAST(''${TYPES[1]}'' AS uniqueidentifier) AS cptp_ID UNION ALL SELECT CAST(''${TYPES[0]}'' AS uniqueidentifier)');
EXEC (N'CREATE VIEW dbo.v_ClientGroups AS SELECT CAST(''${GROUP}'' AS uniqueidentifier) AS clgr_ID');`,
    prelude: '',
    replace: (name) => (isList(name) ? `dbo.v_${name}` : literalOf(name)),
  },
  {
    name: 'arguments of a prepared call',
    ...temporary,
    replace: (name) => (isList(name) ? `#${name}` : `@p_${name}`),
    send: (batch) => {
      const types = Object.entries(SCALARS).map(([name, [type]]) => `@p_${name} ${type}`);
      const given = Object.keys(SCALARS).map((name) => `@p_${name} = @given_${name}`);
      return `${declare('given_')} EXEC sp_executesql N'${batch.replaceAll("'", "''")}', N'${types.join(', ')}', ${given.join(', ')}`;
    },
  },
];

/** Nothing filled in and nothing chosen. */
export const NOTHING_CHOSEN: Substitution = {
  name: 'nothing but the task',
  before: lists(
    (name) => `CREATE TABLE #${name}`,
    (name) => `#${name}`,
    false,
  ),
  prelude: '',
  replace: (name) => (isList(name) ? `#${name}` : name === 'TaskID' ? `'${TASK_ID}'` : 'NULL'),
};

/** Takes away what `before` of any of them has made. */
export const FORGET = `DROP VIEW IF EXISTS dbo.v_ClientPurseTypes; DROP VIEW IF EXISTS dbo.v_ClientGroups;
IF OBJECT_ID(N'tempdb..#ClientPurseTypes') IS NOT NULL DROP TABLE #ClientPurseTypes; IF OBJECT_ID(N'tempdb..#ClientGroups') IS NOT NULL DROP TABLE #ClientGroups;`;

/** The scripts in the files that are delivered: with the choice of types and groups, and without. */
export function taskScripts(): { readonly filtered: string; readonly unfiltered: string } {
  const [filtered = '', unfiltered = ''] = Object.values(TASK_FILES).map(scriptOf);
  return { filtered, unfiltered };
}

function scriptOf(file: string): string {
  const built = builtTasks().find(({ name }) => name === file);
  if (built === undefined) throw new Error(file);
  const answer = inspect(built.bytes);
  if (!answer.ok) throw new Error(answer.finding.code);
  const [task] = answer.inspection.objects;
  return [...(task?.texts ?? [])].find(({ column }) => column === 'tstp_SQL')?.languages[0]?.text ?? '';
}

/** The batch that Tillypad's server sends. */
export function substitute(script: string, { prelude, replace, send }: Substitution): string {
  const replaced = readSqlParameters(script).reduceRight(
    (text, { name, at }) => text.slice(0, at) + replace(name) + text.slice(at + 1 + name.length),
    script,
  );
  const batch = `${prelude}\n${replaced}`;
  return send === undefined ? batch : send(batch);
}
