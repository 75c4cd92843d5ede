import type { FileFinding } from '../ports/object-files.ts';
import { OBJECTS } from './codes.ts';
import { directoryOf, readDependencies, rootProperty } from './directory.ts';
import type { IdSet } from './id-set.ts';
import type { JoinedNames } from './joined-names.ts';
import { FILE_TYPE_ID, FILE_TYPE_NAME } from './kinds.ts';
import type { Places } from './places.ts';
import type { Property, TpxlFile } from './values.ts';

/** What is kept of the objects that were looked at. */
export interface MetObjects {
  readonly ids: IdSet;
  /** Of those that were chosen, in the file's order. */
  readonly primary: JoinedNames;
}

/** What every such file says of itself. */
export function verifyRoot(file: TpxlFile, { ids, primary }: MetObjects, places: Places): readonly FileFinding[] {
  const findings: FileFinding[] = [];
  const complain = (code: string, property: Property | null, args: FileFinding['args']): void =>
    void findings.push({ code, severity: 'fault', offset: property === null ? 0 : places.ofProperty(property), object: null, args });
  const expect = (name: string, type: 'guid' | 'text', expected: string): void => {
    const property = rootProperty(file, name, type);
    if (property === null) complain('root_property_missing', null, { name });
    else if (property.value !== expected)
      complain('root_property', property, { name, expected: cut(expected), found: cut(property.value) });
  };
  expect('TypeID', 'guid', FILE_TYPE_ID);
  expect('TypeName', 'text', FILE_TYPE_NAME);
  for (const name of ['DateCreate', 'UTCDateCreate', 'DateLastWrite', 'UTCDateLastWrite'])
    if (rootProperty(file, name, 'date') === null) complain('root_property_missing', null, { name });
  if (directoryOf(file) === null) complain('root_property_missing', null, { name: OBJECTS });
  else if (ids.size === 0) findings.push({ code: 'no_objects', severity: 'fault', offset: 0, object: null, args: {} });
  const description = rootProperty(file, 'Description', 'text');
  if (description === null) complain('root_property_missing', null, { name: 'Description' });
  else if (!primary.fit)
    complain('root_property', description, { name: 'Description', expected: cut(primary.begin), found: cut(description.value) });
  return findings;
}

/** Both ends of a dependency must be in the file. */
export function* verifyDependencies(file: TpxlFile, { ids }: MetObjects): Generator<FileFinding> {
  for (const { owner, child } of readDependencies(file))
    for (const { id, at } of [owner, child])
      if (!ids.has(id)) yield { code: 'dependency_unknown', severity: 'fault', offset: at, object: null, args: { id } };
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
