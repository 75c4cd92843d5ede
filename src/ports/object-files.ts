/**
 * What the commands `tpxl …` ask of the codec of Tillypad's object files (`.tpxl_exp`). Everything is a value; nothing throws for a bad
 * file or definition.
 */
export interface ObjectFiles {
  inspect(bytes: Uint8Array): InspectAnswer;
  /** All that is wrong, by its place; empty for a good file. */
  verify(bytes: Uint8Array): readonly FileFinding[];
  /** Makes a file of a definition (YAML, as text or in UTF-8); `read` gives the texts that it names, null for one that isn't there. */
  build(definition: string | Uint8Array, read: (file: string) => Uint8Array | null): BuildAnswer;
}

type FindingArgs = Readonly<Record<string, string | number>>;

export interface FileFinding {
  /** Names the sentence. */
  readonly code: string;
  /** A remark is unusual but may be right. */
  readonly severity: 'fault' | 'remark';
  /** Bytes from the file's begin. */
  readonly offset: number;
  /** The object's name, where it belongs to one. */
  readonly object: string | null;
  readonly args: FindingArgs;
}

export type InspectAnswer = { readonly ok: true; readonly inspection: Inspection } | { readonly ok: false; readonly finding: FileFinding };

export interface Inspection {
  readonly size: number;
  readonly typeName: string;
  readonly description: string;
  /** Wall-clock texts as stored; null where the file has none. */
  readonly createdAt: string | null;
  readonly createdUtc: string | null;
  readonly writtenAt: string | null;
  readonly writtenUtc: string | null;
  readonly objectCount: number;
  /** Read from the file each time they are gone through: together they may be more than fits into memory. */
  readonly objects: Iterable<InspectedObject>;
  readonly dependencies: Iterable<{ readonly owner: string; readonly child: string }>;
  /** Tables beside the directory and the dependencies. */
  readonly furtherTables: readonly { readonly name: string; readonly rows: number }[];
  /** Whether writing it anew from its values alone would give the same bytes. */
  readonly canonical: boolean;
}

export interface InspectedObject {
  readonly id: string;
  readonly type: string;
  /** `task_type`, `note_type`, … ; null for a type that isn't known. */
  readonly kind: string | null;
  readonly name: string;
  readonly primary: boolean | null;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** As the objects: read anew each time. */
  readonly values: Iterable<InspectedValue>;
  readonly texts: Iterable<InspectedText>;
  readonly wizard: InspectedWizard | null;
  readonly events: readonly string[];
  /** Names of the `%` parameters of a task type's script. */
  readonly parameters: readonly string[];
}

/** Where a value stands: table, column and row (from 0). */
export interface InspectedPlace {
  readonly table: string;
  readonly column: string;
  readonly row: number;
}

export interface InspectedValue extends InspectedPlace {
  readonly value: boolean | number | string;
}

/** A text, in one language or in each; or bytes, as they are. */
export interface InspectedText extends InspectedPlace {
  readonly languages: readonly { readonly id: number | null; readonly text: string }[];
  readonly bytes: Uint8Array | null;
}

export interface InspectedWizard {
  readonly neededParams: readonly string[];
  readonly steps: readonly InspectedStep[];
}

export interface InspectedStep {
  readonly order: number;
  readonly form: string;
  readonly caption: string;
  readonly heading: string;
  readonly hint: string;
  readonly needed: boolean;
  readonly choiceNeeded: boolean;
  /** What the script gets, after renaming; null where the form's own names aren't known. */
  readonly parameters: readonly string[] | null;
  readonly kind: 'rows' | 'value' | null;
  readonly keyColumn: string | null;
  /** False where the form was never seen in a real task type. */
  readonly seen: boolean;
  readonly options: readonly { readonly key: string; readonly value: string }[];
}

export type BuildAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly objects: readonly { readonly name: string; readonly kind: string | null }[] }
  | { readonly ok: false; readonly problems: readonly BuildProblem[] };

/** `path` names the place in the definition: `objects[0].sql`. */
export interface BuildProblem {
  readonly code: string;
  readonly path: string;
  readonly args: FindingArgs;
}
