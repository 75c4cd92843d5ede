import type { BuildAnswer, BuildProblem } from '../ports/object-files.ts';
import { buildObject } from './build-objects.ts';
import { openTexts } from './build-texts.ts';
import { usualMax } from './codes.ts';
import { daysOfWall } from './date.ts';
import type { Definition } from './definition.ts';
import { encode } from './encode.ts';
import { TpxlError } from './error.ts';
import { FILE_TYPE_ID, FILE_TYPE_NAME, kindOf } from './kinds.ts';
import { readDefinition } from './read-definition.ts';
import type { Bag, Column, Property, Row, TpxlFile } from './values.ts';
import { verify } from './verify.ts';

/** The same definition and texts give the same bytes. What `verify` calls a fault is not built. */
export function build(yaml: string | Uint8Array, read: (file: string) => Uint8Array | null): BuildAnswer {
  const answer = readDefinition(yaml);
  if (!answer.ok) return answer;
  const { definition } = answer;
  const texts = openTexts(read);
  const built = definition.objects.map((object, index) => ({ object, ...buildObject(object, texts, `objects[${index}]`) }));
  if (texts.problems.length > 0) return { ok: false, problems: texts.problems };
  const rows = built.map(({ object, type, bag }): Row => [object.id, type, object.name, bag, object.primary]);
  return written(
    fileOf(definition, rows),
    built.map(({ object, type }) => ({ name: object.name, kind: kindOf(type)?.kind ?? null })),
  );
}

function written(file: TpxlFile, objects: Extract<BuildAnswer, { readonly ok: true }>['objects']): BuildAnswer {
  try {
    const bytes = encode(file);
    const problems = verify(bytes)
      .filter(({ severity }) => severity === 'fault')
      .map(({ code, object, args }): BuildProblem => ({ code, path: object ?? '', args }));
    return problems.length === 0 ? { ok: true, bytes, objects } : { ok: false, problems };
  } catch (error) {
    if (!(error instanceof TpxlError)) throw error;
    return { ok: false, problems: [{ code: error.code, path: '', args: error.args }] };
  }
}

const tableColumn = (name: string, type: Column['type'], nullable: boolean): Column => ({
  name,
  type,
  nullable,
  max: usualMax(type, 'table'),
});

/** Five columns: programs that know `IsTemplate` read files without it, older ones know no sixth. */
const DIRECTORY: readonly Column[] = [
  tableColumn('ID', 'guid', true),
  tableColumn('ObjectType', 'guid', true),
  tableColumn('Name', 'text', false),
  tableColumn('Data', 'bytes', false),
  tableColumn('IsPrimary', 'bool', false),
];
const DEPENDENCIES: readonly Column[] = [tableColumn('ID_Owner', 'guid', true), tableColumn('ID_Child', 'guid', true)];

function fileOf({ createdAt, writtenAt = createdAt, utcOffsetMinutes, objects, dependencies }: Definition, rows: readonly Row[]): TpxlFile {
  const content: Bag = [
    { name: 'DatabaseVersionID', type: 'integer', value: 0n },
    { name: 'Objects', type: 'table', value: { id: 1, columns: DIRECTORY, rows } },
    {
      name: 'ObjectDependencies',
      type: 'table',
      value: { id: 2, columns: DEPENDENCIES, rows: dependencies.map(({ owner, child }) => [owner, child]) },
    },
  ];
  const date = (name: string, value: number): Property => ({ name, type: 'date', value });
  const toUtc = (days: number): number => days - utcOffsetMinutes / 60 / 24;
  const primary = objects.filter((object) => object.primary).map(({ name }) => name);
  return {
    root: [
      date('DateCreate', daysOfWall(createdAt)),
      date('UTCDateCreate', toUtc(daysOfWall(createdAt))),
      { name: 'TypeID', type: 'guid', value: FILE_TYPE_ID },
      { name: 'TypeName', type: 'text', value: FILE_TYPE_NAME },
      { name: 'Data', type: 'bag', value: content },
      { name: 'Description', type: 'text', value: primary.join(', ') },
      date('DateLastWrite', daysOfWall(writtenAt)),
      date('UTCDateLastWrite', toUtc(daysOfWall(writtenAt))),
    ],
  };
}
