import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ErrorCode, type Node, type Pair } from 'yaml';
import { echoKey } from './echo.ts';
import type { ProblemArgs, ProblemCode } from './problem.ts';

type Path = readonly PropertyKey[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Place {
  readonly path: Path;
  readonly code: ProblemCode;
  readonly args: ProblemArgs;
}

/** A file's content as plain values, and where each of them stands. */
export interface ReadYaml {
  /** Undefined for an empty file. A key without a value is there and undefined. */
  readonly root: unknown;
  readonly problems: readonly YamlProblem[];
  /** The place of what stands at a path: of its value, or of its key where the value is a section. */
  placeOf(path: Path): Place | null;
  placeOfKey(path: Path): Place | null;
}

const MOST_NODES = 20_000;
const DEEPEST = 32;

/** Only codes of the library are used: its messages quote the file, and the file may hold a token. */
const SYNTAX: Partial<Record<ErrorCode, ProblemCode>> = {
  TAB_AS_INDENT: 'yaml_tab',
  DUPLICATE_KEY: 'yaml_duplicate_key',
  MULTIPLE_DOCS: 'yaml_documents',
  BAD_DQ_ESCAPE: 'yaml_escape',
  BLOCK_AS_IMPLICIT_KEY: 'yaml_colon',
  MULTILINE_IMPLICIT_KEY: 'yaml_colon',
  BAD_SCALAR_START: 'yaml_reserved',
  TAG_RESOLVE_FAILED: 'yaml_tag',
  BAD_ALIAS: 'yaml_alias',
  BAD_COLLECTION_TYPE: 'yaml_tag',
};

/**
 * Reads YAML 1.2 (JSON is a part of it). `keepText` says where a bare number or word is meant as text: there `+74951234567` stays what
 * was written. Nothing throws; an anchor that is used too often, or that holds itself, is a problem.
 */
export function readYaml(text: string, keepText: (path: Path) => boolean): ReadYaml {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, resolveKnownTags: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => ({ line: counter.linePos(offset).line, column: counter.linePos(offset).col });
  const seen: Seen = { problems: [], places: new Map() };
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    path: [],
    ...placeAt(error.pos[0]),
    code: SYNTAX[error.code] ?? ('yaml_syntax' as const),
    args: {},
  }));
  const onlyDoubled = syntax.every(({ code }) => code === 'yaml_duplicate_key');
  // After any other syntax error the library's guess at the rest would only give misleading problems.
  const root = onlyDoubled ? walk(document, { seen, placeAt, keepText }) : undefined;
  return {
    root: seen.problems.some(({ code }) => code === 'yaml_too_big') ? undefined : root,
    problems: [...syntax, ...seen.problems],
    placeOf: (path) => seen.places.get(JSON.stringify(path))?.value ?? null,
    placeOfKey: (path) => seen.places.get(JSON.stringify(path))?.key ?? null,
  };
}

interface Seen {
  readonly problems: YamlProblem[];
  readonly places: Map<string, { readonly key: Place; readonly value: Place }>;
}

/** Own conversion to plain values, because the library's would stringify odd keys, follow cycles and forget the places. */
function walk(
  document: Document,
  {
    seen,
    placeAt,
    keepText,
  }: { readonly seen: Seen; readonly placeAt: (offset: number) => Place; readonly keepText: (path: Path) => boolean },
): unknown {
  let nodes = 0;
  const placeOfNode = (node: unknown): Place => placeAt((node as Node | null | undefined)?.range?.[0] ?? 0);
  const complain = (node: unknown, path: Path, code: ProblemCode): undefined =>
    void seen.problems.push({ ...placeOfNode(node), path, code, args: {} });

  function read(node: unknown, path: Path, depth: number): unknown {
    if (++nodes > MOST_NODES || depth > DEEPEST)
      return seen.problems.some(({ code }) => code === 'yaml_too_big') ? undefined : complain(node, path.slice(0, 3), 'yaml_too_big');
    if (isAlias(node))
      return node.resolve(document) === undefined ? complain(node, path, 'yaml_alias') : read(node.resolve(document), path, depth + 1);
    if (isSeq(node)) return node.items.map((item, index) => readAt({ value: item, key: item }, [...path, index], depth + 1));
    if (isMap(node)) return readMap(node.items, path, depth);
    if (!isScalar(node) || node.value === null) return undefined;
    return typeof node.value !== 'string' && keepText(path) && node.source !== undefined ? node.source : node.value;
  }

  function readMap(pairs: readonly Pair[], path: Path, depth: number): unknown {
    const map: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      const name = isScalar(pair.key) && typeof pair.key.value !== 'object' ? String(pair.key.source ?? pair.key.value) : null;
      if (name === null) complain(pair.key, path, 'yaml_key');
      else map[name] = readAt(pair, [...path, name], depth + 1);
    }
    return map;
  }

  function readAt({ key, value }: { readonly key: unknown; readonly value: unknown }, path: Path, depth: number): unknown {
    const isSection = isMap(value) || isSeq(value) || (isScalar(value) && value.value === null);
    seen.places.set(JSON.stringify(path), { key: placeOfNode(key), value: placeOfNode(isSection ? key : value) });
    return read(value, path, depth);
  }

  return read(document.contents, [], 0);
}

/** Names a path for people: `tasks.a.filters.accountTypes[2]`. */
export function pathText(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${echoKey(String(key))}`)).join('');
}
