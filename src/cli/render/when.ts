import type { Instant, Language, WallTime } from '../../core/glossary.ts';
import { wallAt } from '../../core/wall-time.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

/** Where and to whom a moment is shown. */
export interface Viewer {
  readonly language: Language;
  /** IANA zone of the restaurant. */
  readonly zone: string;
}

/** `24.11.2026 19:42:05` in Russian, `2026-11-24 19:42:05` in English, in the restaurant's zone. */
export function showInstant(at: Instant, { language, zone }: Viewer): string {
  return showWall(wallAt(at, zone), language);
}

/** The same for an operation's date, as stored. */
export function showWall(wall: WallTime, language: Language): string {
  const time = wall.slice(11, 19);
  return language === 'ru' ? `${wall.slice(8, 10)}.${wall.slice(5, 7)}.${wall.slice(0, 4)} ${time}` : `${wall.slice(0, 10)} ${time}`;
}

export const SPANS = {
  seconds: { en: '{n} s', ru: '{n} с' },
  minutes: { en: '{n} min', ru: '{n} мин' },
  hours: { en: '{n} h {rest} min', ru: '{n} ч {rest} мин' },
  days: { en: '{n, plural, one {# day} other {# days}}', ru: '{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}' },
} satisfies Record<string, Sentence>;

/** A length of time in at most two units; below zero it is none. */
export function showSpan(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return say(SPANS.seconds, language, { n: seconds });
  if (hours < 1) return say(SPANS.minutes, language, { n: minutes });
  if (hours < 48) return say(SPANS.hours, language, { n: hours, rest: minutes % 60 });
  return say(SPANS.days, language, { n: Math.floor(hours / 24) });
}
