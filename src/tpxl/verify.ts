import type { FileFinding } from '../ports/object-files.ts';
import { decode } from './decode.ts';
import { readDirectory } from './directory.ts';
import { TpxlError } from './error.ts';
import { TASK_TYPE } from './kinds.ts';
import { collectPlaces } from './places.ts';
import type { TpxlFile } from './values.ts';
import { verifyDependencies, verifyRoot } from './verify-file.ts';
import { verifyObject } from './verify-object.ts';
import { verifyTaskType } from './verify-task-type.ts';
import { verifyTexts } from './verify-texts.ts';

/**
 * All that is wrong with a file, by its place. A file whose structure can't be read gives that one finding: behind it nothing can be
 * believed.
 */
export function verify(bytes: Uint8Array): readonly FileFinding[] {
  const places = collectPlaces();
  let file: TpxlFile;
  try {
    file = decode(bytes, places);
  } catch (error) {
    if (!(error instanceof TpxlError)) throw error;
    return [{ code: error.code, severity: 'fault', offset: error.offset, object: null, args: error.args }];
  }
  const objects = readDirectory(file);
  const findings = [
    ...verifyRoot(file, objects, places),
    ...verifyDependencies(file, objects, places),
    ...objects.flatMap((entry, index) => [
      ...verifyObject(entry, { places, former: objects.slice(0, index) }),
      ...verifyTexts(entry, places),
      ...(entry.type === TASK_TYPE.type ? verifyTaskType(entry, places) : []),
    ]),
  ];
  return findings.toSorted((a, b) => a.offset - b.offset);
}
