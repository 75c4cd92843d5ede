import type { InspectedObject, InspectedText, Inspection } from '../ports/object-files.ts';
import { fileName } from './tpxl-disk.ts';
import { LANGUAGES } from './render/tpxl-inspect.ts';

export interface ExtractedFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/** Each text as a file of its own, as it is stored (UTF-8 here): one folder an object, the column's name, the row and the language where there are several. */
export function* extractTexts({ objects }: Inspection): Generator<ExtractedFile> {
  let index = 0;
  for (const object of objects) {
    index += 1;
    const folder = `${String(index).padStart(2, '0')} ${fileName(object.name)}`;
    const several = severalIn(object);
    const taken = new Set<string>();
    for (const text of object.texts) {
      for (const { name, content } of partsOf(object, text, several)) {
        let path = `${folder}/${name}`;
        for (let copy = 2; taken.has(path.toLowerCase()); copy++) path = `${folder}/${copy} ${name}`;
        taken.add(path.toLowerCase());
        yield { path, content };
      }
    }
  }
}

const placeOf = ({ table, column }: InspectedText): string => `${table}\n${column}`;

/** The columns that have a text in more than one row. */
function severalIn({ texts }: InspectedObject): ReadonlySet<string> {
  const firstRows = new Map<string, number>();
  const several = new Set<string>();
  for (const text of texts) {
    const place = placeOf(text);
    const first = firstRows.get(place);
    if (first === undefined) firstRows.set(place, text.row);
    else if (first !== text.row) several.add(place);
  }
  return several;
}

function partsOf(
  object: InspectedObject,
  text: InspectedText,
  several: ReadonlySet<string>,
): readonly { readonly name: string; readonly content: Uint8Array | string }[] {
  const { table, column, row, languages, bytes } = text;
  const main = object.tables[0]?.name === table ? fileName(column) : `${fileName(table)}.${fileName(column)}`;
  const stem = several.has(placeOf(text)) ? `${main}.${row + 1}` : main;
  if (bytes !== null) return [{ name: `${stem}${looksLikeXml(bytes) ? '.xml' : '.bin'}`, content: bytes }];
  const ending = /_SQL(?:ite)?$/.test(column) ? '.sql' : '.txt';
  return languages.map(({ id, text: content }) => ({
    name: `${stem}${id === null ? '' : `.${LANGUAGES.get(id) ?? id}`}${ending}`,
    content,
  }));
}

function looksLikeXml(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('utf8').replace('\ufeff', '').startsWith('<');
}
