import type { BuildProblem } from '../ports/object-files.ts';
import type { TextFile } from './definition.ts';

/** Reads the texts that a definition names, and collects what is wrong with them. */
export interface TextSource {
  readonly problems: BuildProblem[];
  /** As Tillypad stores a text: CRLF, no line end at the end; null for an empty one, which the exporter doesn't write either. */
  text(file: TextFile | undefined, path: string): string | null;
  bytes(file: string, path: string): Uint8Array | null;
}

export function openTexts(read: (file: string) => Uint8Array | null): TextSource {
  const problems: BuildProblem[] = [];
  const bytes = (file: string, path: string): Uint8Array | null => {
    const found = read(file);
    if (found === null) problems.push({ code: 'text_missing', path, args: { file } });
    return found;
  };
  return {
    problems,
    bytes,
    text: (given, path) => {
      if (given === undefined) return null;
      const { file, leaveOut } = typeof given === 'string' ? { file: given, leaveOut: [] } : given;
      const found = bytes(file, path);
      if (found === null) return null;
      const decoded = decodeUtf8(found);
      if (decoded === null) {
        problems.push({ code: 'text_encoding', path, args: { file } });
        return null;
      }
      const { text, faults } = withoutSections(decoded, leaveOut);
      for (const section of faults) problems.push({ code: 'text_section', path, args: { file, section } });
      return toStored(text);
    },
  };
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** `--<name>` and `--</name>` on lines of their own; the marks themselves always go. */
function withoutSections(text: string, leaveOut: readonly string[]): { readonly text: string; readonly faults: readonly string[] } {
  const kept: string[] = [];
  const met = new Set<string>();
  const faults: string[] = [];
  let open: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const mark = /^\s*--<(\/?)([\w-]+)>\s*$/.exec(line);
    if (mark === null) {
      if (open === null || !leaveOut.includes(open)) kept.push(line);
      continue;
    }
    const [, closes, name = ''] = mark;
    const fits = closes === '/' ? open === name : open === null;
    if (!fits) faults.push(name);
    met.add(name);
    open = closes === '/' ? null : name;
  }
  if (open !== null) faults.push(open);
  return { text: kept.join('\n'), faults: [...faults, ...leaveOut.filter((name) => !met.has(name))] };
}

function toStored(text: string): string | null {
  const stored = text.replace(/\s+$/, '').replaceAll('\n', '\r\n');
  return stored === '' ? null : stored;
}
