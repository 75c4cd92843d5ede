import { IntlMessageFormat } from 'intl-messageformat';

import type { Language } from '../../core/glossary.ts';

/** One sentence in both languages, ICU MessageFormat. */
export type Sentence = Readonly<Record<Language, string>>;

/** Fills a sentence; numbers are grouped as the language does. */
export function say(sentence: Sentence, language: Language, args: Readonly<Record<string, string | number>> = {}): string {
  return String(new IntlMessageFormat(sentence[language], language, undefined, { ignoreTag: true }).format({ ...args }));
}
