import { isUtf8 } from 'node:buffer';

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
      if (!isUtf8(found)) {
        problems.push({ code: 'text_encoding', path, args: { file } });
        return null;
      }
      const utf8 = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
      // Most texts have no mark, and a large one should not fall into lines for nothing.
      if (!utf8.includes('--<') && leaveOut.length === 0) return toStored(withCrLf(utf8));
      const { text, faults } = withoutSections(utf8.toString(), leaveOut);
      for (const section of faults) problems.push({ code: 'text_section', path, args: { file, section } });
      return toStored(text);
    },
  };
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
  return { text: kept.join('\r\n'), faults: [...faults, ...leaveOut.filter((name) => !met.has(name))] };
}

/** Without the mark that some editors put at the begin, and without line ends at the end. */
function toStored(text: string): string | null {
  const stored = (text.startsWith('\ufeff') ? text.slice(1) : text).trimEnd();
  return stored === '' ? null : stored;
}

const CR = 0x0d;
const LF = 0x0a;

/** Byte by byte: strings that grow by replacing take several times a large text's memory. */
function withCrLf(utf8: Buffer): string {
  const turned = Buffer.allocUnsafe(turnLineEnds(utf8, null));
  turnLineEnds(utf8, turned);
  return turned.toString();
}

/** Answers the length; writes nothing without a place for it. */
function turnLineEnds(utf8: Buffer, into: Buffer | null): number {
  let length = 0;
  for (let at = 0; at < utf8.length; at++) {
    const byte = utf8[at]!;
    if (byte !== CR && byte !== LF) {
      if (into !== null) into[length] = byte;
      length += 1;
      continue;
    }
    if (byte === CR && utf8[at + 1] === LF) at += 1;
    into?.set([CR, LF], length);
    length += 2;
  }
  return length;
}
