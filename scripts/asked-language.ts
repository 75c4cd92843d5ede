import type { Language } from '../src/core/glossary.ts';

/** What `--language` asks for; English where it is missing or says something else, which the command line's own check tells. */
export function askedLanguage(argv: readonly string[]): Language {
  const at = argv.findLastIndex((arg) => arg === '--language' || arg.startsWith('--language='));
  const value = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  return value === 'ru' ? 'ru' : 'en';
}
