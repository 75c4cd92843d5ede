import type { Finding } from '../../core/settings.ts';
import { DESK_FINDINGS } from './desk-finding-texts.ts';
import { renderFinding } from './findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showInstant, showSpan, showWall } from './when.ts';
import type { Viewer } from './when.ts';
import { EXIT_WORDS, sayWord } from './words.ts';

/** A finding of these commands or of any other part of the program. */
export function sayFinding(finding: Finding, viewer: Viewer): string {
  const known: Readonly<Record<string, Sentence>> = DESK_FINDINGS;
  const sentence = Object.hasOwn(known, finding.code) ? known[finding.code] : undefined;
  if (sentence === undefined) return renderFinding(finding, viewer.language);
  const args = Object.fromEntries(Object.entries(finding.args).map(([name, value]) => [name, sayArgument(name, value, viewer)]));
  const { exit } = finding.args;
  const meaning = exit === undefined ? {} : { meaning: sayWord(EXIT_WORDS, String(exit), viewer.language) };
  return say(sentence, viewer.language, { ...args, ...meaning });
}

function sayArgument(name: string, value: string | number, viewer: Viewer): string | number {
  if (name === 'at') return showInstant(Number(value), viewer);
  if (name === 'wall') return showWall(String(value), viewer.language);
  return name === 'span' ? showSpan(Number(value), viewer.language) : value;
}
