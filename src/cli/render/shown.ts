import { forDisplay, oneLine, plainText } from '../../core/multilingual.ts';
import type { Language } from '../../core/glossary.ts';

const LONGEST_NAME = 80;
const LONGEST_DETAIL = 300;

/** A name as stored, maybe packed, as one safe line of a terminal; «–» where nothing is left to show. */
export function showName(name: string | null, language: Language): string {
  return cut(oneLine(forDisplay(plainText(name ?? '', language))), LONGEST_NAME) || '–';
}

/** What another program said, as one safe line of a terminal. */
export function showDetail(detail: string): string {
  return cut(oneLine(forDisplay(detail)), LONGEST_DETAIL);
}

export function indent(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => (line === '' ? line : by + line));
}

function cut(text: string, longest: number): string {
  const head = text.slice(0, longest * 2);
  return [...head].length > longest ? `${[...head].slice(0, longest - 1).join('')}…` : head;
}
