import type { Language } from '../../core/glossary.ts';
import type { BuildProblem, FileFinding } from '../../ports/object-files.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showDetail } from './shown.ts';
import { nearest } from '../settings/nearest.ts';
import { TPXL_BUILD_PROBLEMS } from './tpxl-build-texts.ts';
import { TPXL_FINDINGS } from './tpxl-finding-texts.ts';

export const TPXL_PLACES = {
  atByte: { en: 'byte {offset} (0x{hex}){object}: {what}', ru: 'байт {offset} (0x{hex}){object}: {what}' },
  remark: { en: 'remark, {line}', ru: 'замечание, {line}' },
  meant: { en: '{key} (did you mean {meant}?)', ru: '{key} (может быть, {meant}?)' },
  ofObject: { en: ', «{name}»', ru: ', «{name}»' },
} satisfies Record<string, Sentence>;

const SENTENCES: Readonly<Record<string, Sentence>> = { ...TPXL_FINDINGS, ...TPXL_BUILD_PROBLEMS };

/** One finding as one line, with the byte it begins at. */
export function sayFileFinding({ code, severity, offset, object, args }: FileFinding, language: Language): string {
  const line = say(TPXL_PLACES.atByte, language, {
    offset: String(offset),
    hex: offset.toString(16).toUpperCase(),
    object: object === null ? '' : say(TPXL_PLACES.ofObject, language, { name: showDetail(object) }),
    what: sentence(code, args, language),
  });
  return severity === 'remark' ? say(TPXL_PLACES.remark, language, { line }) : line;
}

/** One problem of a definition: its place there, and what is wrong. */
export function sayBuildProblem({ code, path, args }: BuildProblem, language: Language): string {
  const keys = code === 'definition_key' ? { keys: keysWithHints(args, language) } : {};
  return [path, sentence(code, { ...args, ...keys }, language)].filter((part) => part !== '').join(': ');
}

/** Each unknown key with the known one that is most like it. */
function keysWithHints({ keys = '', known = '' }: BuildProblem['args'], language: Language): string {
  const choices = String(known).split(', ');
  const shown = String(keys)
    .split(', ')
    .map((key) => {
      const meant = nearest(key, choices);
      return meant === null ? key : say(TPXL_PLACES.meant, language, { key, meant });
    });
  return shown.join(', ');
}

function sentence(code: string, args: FileFinding['args'], language: Language): string {
  const known = SENTENCES[code];
  // Bytes and numbers of a format aren't grouped by thousands, and nothing from a file reaches the terminal as it is.
  const shown = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, showDetail(String(value))]));
  return known === undefined ? `${code} ${JSON.stringify(shown)}` : say(known, language, { value: '', ...shown });
}
