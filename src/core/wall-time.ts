import type { Instant, Language, WallTime } from './glossary.ts';

const DAY_MS = 86_400_000;
const DAYS_TO_1970 = 719_468;
const FIRST_MS = daysFromCivil(1, 1, 1) * DAY_MS;
const END_MS = daysFromCivil(10_000, 1, 1) * DAY_MS;

/** What a wall-clock text says; months from 1. */
export interface WallParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** Milliseconds since 1970-01-01 of the same clock: only for differences and order, it is no instant. Throws RangeError for other text. */
export function wallToMs(wall: WallTime): number {
  const { year, month, day, hour, minute, second, ms } = readWall(wall);
  return daysFromCivil(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/** The other way round; throws RangeError outside of the years 1 to 9999. */
export function wallFromMs(at: number): WallTime {
  if (!(at >= FIRST_MS && at < END_MS)) throw new RangeError(`no wall-clock time: ${at}`);
  const whole = Math.floor(at);
  const days = Math.floor(whole / DAY_MS);
  const rest = whole - days * DAY_MS;
  const time = {
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    ms: rest % 1000,
  };
  return writeWall({ ...civilFromDays(days), ...time });
}

export function addWall(wall: WallTime, ms: number): WallTime {
  return wallFromMs(wallToMs(wall) + ms);
}

/** Milliseconds from `earlier` to `later`, below zero the other way. */
export function diffWall(later: WallTime, earlier: WallTime): number {
  return wallToMs(later) - wallToMs(earlier);
}

export function isWall(text: string): boolean {
  return text.length === 23 && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(text) && isPossible(partsOf(text));
}

/** As `diffWall`; Infinity where one of them is no date, so that it stands apart from all others. */
export function wallGap(later: WallTime, earlier: WallTime): number {
  return isWall(later) && isWall(earlier) ? diffWall(later, earlier) : Number.POSITIVE_INFINITY;
}

/** Reads `YYYY-MM-DD HH:MM:SS.mmm`; throws RangeError for anything else, impossible dates included. */
function readWall(wall: WallTime): WallParts {
  const parts = partsOf(wall);
  const shaped =
    wall.length === 23 &&
    wall[4] === '-' &&
    wall[7] === '-' &&
    wall[10] === ' ' &&
    wall[13] === ':' &&
    wall[16] === ':' &&
    wall[19] === '.';
  if (!shaped || !isPossible(parts))
    throw new RangeError(`not a wall-clock time «YYYY-MM-DD HH:MM:SS.mmm»: ${JSON.stringify(wall.slice(0, 40))}`);
  return parts;
}

function partsOf(wall: WallTime): WallParts {
  return {
    year: digitsAt(wall, 0, 4),
    month: digitsAt(wall, 5, 2),
    day: digitsAt(wall, 8, 2),
    hour: digitsAt(wall, 11, 2),
    minute: digitsAt(wall, 14, 2),
    second: digitsAt(wall, 17, 2),
    ms: digitsAt(wall, 20, 3),
  };
}

export type WallInput =
  | { readonly ok: true; readonly wall: WallTime }
  | { readonly ok: false; readonly code: 'impossible' | 'ambiguous' | 'unknown_form' };

/**
 * A date as people write it: `2026-11-24` or `24.11.2026`, each alone (midnight) or with `HH:MM[:SS[.mmm]]` after a space or T.
 * impossible: no such day or hour · ambiguous: people read it in two ways (`03/04/2026`, `24-11-2026`, a year of two digits) ·
 * unknown_form: the rest, also a time with a zone, because this clock has none.
 */
export function parseWallDate(input: string): WallInput {
  const text = input.trim();
  const match =
    /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:(?: +|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?)?$/.exec(
      text,
    );
  if (match === null) return { ok: false, code: isAmbiguous(text) ? 'ambiguous' : 'unknown_form' };
  const parts = {
    year: Number(match[1] ?? match[6]),
    month: Number(match[2] ?? match[5]),
    day: Number(match[3] ?? match[4]),
    hour: Number(match[7] ?? 0),
    minute: Number(match[8] ?? 0),
    second: Number(match[9] ?? 0),
    ms: Number((match[10] ?? '').padEnd(3, '0')),
  };
  return isPossible(parts) ? { ok: true, wall: writeWall(parts) } : { ok: false, code: 'impossible' };
}

const ZONES = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of an IANA zone shows at that instant. Throws RangeError for a zone that doesn't exist. */
export function wallAt(instant: Instant, zone: string): WallTime {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of zoneFormat(zone).formatToParts(instant)) {
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  }
  return writeWall({ ...parts, ms: ((Math.floor(instant) % 1000) + 1000) % 1000 });
}

let lastHour = { instant: Number.NaN, zone: '', hour: 0 };

/** 0 to 23 in an IANA zone. The answer is kept for the next question, because all notices of one claim ask the same. */
export function hourIn(instant: Instant, zone: string): number {
  if (lastHour.instant !== instant || lastHour.zone !== zone)
    lastHour = { instant, zone, hour: Number(wallAt(instant, zone).slice(11, 13)) };
  return lastHour.hour;
}

/**
 * When a clock on the wall of an IANA zone shows that time: the first time it does, where it is set back; where it jumps over it, as long after the
 * jump as the time lies behind its beginning.
 */
export function instantAt(wall: WallTime, zone: string): Instant {
  const meant = wallToMs(wall);
  const offsets = [meant - DAY_MS, meant + DAY_MS].map((near) => wallToMs(wallAt(near, zone)) - near);
  const answers = offsets.map((offset) => meant - offset).toSorted((a, b) => a - b);
  return answers.find((at) => wallAt(at, zone) === wall) ?? Math.max(...answers);
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  const known = ZONES.get(zone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...numeric,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    timeZone: zone,
  });
  ZONES.set(zone, format);
  return format;
}

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  ru: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
};

/** «24 ноября», «24 November»; with the year when it is not the reference's. */
export function dayForGuest(wall: WallTime, language: Language, reference: WallTime): string {
  const { year, month, day } = readWall(wall);
  const text = `${day}\u00a0${MONTHS[language][month - 1]}`;
  return year === Number(reference.slice(0, 4)) ? text : `${text} ${year}`;
}

/** «19:42», as stored. */
export function timeForGuest(wall: WallTime): string {
  return wall.slice(11, 16);
}

/** «24 ноября, 19:42». */
export function dateForGuest(wall: WallTime, language: Language, reference: WallTime): string {
  return `${dayForGuest(wall, language, reference)}, ${timeForGuest(wall)}`;
}

function isAmbiguous(text: string): boolean {
  return /^\d{1,2}(?:[/-]\d{1,2}[/-](?:\d{2}|\d{4})|\.\d{1,2}\.\d{2})(?:[ T].*)?$/.test(text);
}

function isPossible({ year, month, day, hour, minute, second, ms }: WallParts): boolean {
  // NaN fails each comparison, so text that is no number is refused here too.
  return (
    year >= 1 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    ms < 1000
  );
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 of the proleptic Gregorian calendar; the year is counted from March, so that a leap day ends it. */
function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - DAYS_TO_1970;
}

function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1 };
}

function writeWall({ year, month, day, hour, minute, second, ms }: WallParts): WallTime {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(ms, 3)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function digitsAt(text: string, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
