import type { InspectedObject, InspectedText, Inspection } from '../ports/object-files.ts';
import { fileName } from './tpxl-disk.ts';
import { LANGUAGES } from './render/tpxl-inspect.ts';

export interface ExtractedFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/** Each text as a file of its own, as it is stored (UTF-8 here): one folder an object, the column's name, the row and the language where there are several. */
export function extractTexts({ objects }: Inspection): readonly ExtractedFile[] {
  const files: ExtractedFile[] = [];
  for (const [index, object] of objects.entries()) {
    const folder = `${String(index + 1).padStart(2, '0')} ${fileName(object.name)}`;
    const taken = new Set<string>();
    for (const text of object.texts) {
      for (const { name, content } of partsOf(object, text)) {
        let path = `${folder}/${name}`;
        for (let copy = 2; taken.has(path.toLowerCase()); copy++) path = `${folder}/${copy} ${name}`;
        taken.add(path.toLowerCase());
        files.push({ path, content });
      }
    }
  }
  return files;
}

function partsOf(
  object: InspectedObject,
  text: InspectedText,
): readonly { readonly name: string; readonly content: Uint8Array | string }[] {
  const { table, column, row, languages, bytes } = text;
  const several = object.texts.some((other) => other.table === table && other.column === column && other.row !== row);
  const main = object.tables[0]?.name === table ? fileName(column) : `${fileName(table)}.${fileName(column)}`;
  const stem = several ? `${main}.${row + 1}` : main;
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
