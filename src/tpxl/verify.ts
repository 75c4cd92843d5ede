import type { FileFinding } from '../ports/object-files.ts';
import { decode } from './decode.ts';
import { readDirectory, rootProperty } from './directory.ts';
import { TpxlError } from './error.ts';
import { IdSet } from './id-set.ts';
import { JoinedNames } from './joined-names.ts';
import { TASK_TYPE } from './kinds.ts';
import { collectPlaces } from './places.ts';
import type { TpxlFile } from './values.ts';
import { verifyDependencies, verifyRoot } from './verify-file.ts';
import type { MetObjects } from './verify-file.ts';
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
  const findings = new Findings();
  const met: MetObjects = { ids: new IdSet(), primary: new JoinedNames(rootProperty(file, 'Description', 'text')?.value ?? '') };
  for (const entry of readDirectory(file)) {
    findings.add(verifyObject(entry, { places, isNew: met.ids.add(entry.id) }));
    findings.add(verifyTexts(entry));
    if (entry.type === TASK_TYPE.type) findings.add(verifyTaskType(entry));
    if (entry.primary === true) met.primary.add(entry.name);
  }
  findings.add(verifyRoot(file, met, places));
  findings.add(verifyDependencies(file, met));
  return findings.sorted();
}

/** More than these are counted only: nobody reads them, and a large file may give millions. */
const MOST_FINDINGS = 1_000;

class Findings {
  readonly #kept: FileFinding[] = [];
  #more: FileFinding | null = null;
  #count = 0;

  add(findings: Iterable<FileFinding>): void {
    for (const finding of findings) {
      if (this.#kept.length < MOST_FINDINGS) this.#kept.push(finding);
      else {
        this.#count += 1;
        const worst = this.#more?.severity === 'fault' ? 'fault' : finding.severity;
        this.#more = { ...(this.#more ?? finding), severity: worst, code: 'more_findings', object: null, args: { count: this.#count } };
      }
    }
  }

  sorted(): readonly FileFinding[] {
    const sorted = this.#kept.toSorted((a, b) => a.offset - b.offset);
    return this.#more === null ? sorted : [...sorted, this.#more];
  }
}
