import * as z from 'zod';
import type { Money, WallTime } from '../../core/glossary.ts';
import { moneyToDecimal, parseMoneyInput } from '../../core/money.ts';
import { isPhoneCountry } from '../../core/phone.ts';
import { parseWallDate } from '../../core/wall-time.ts';
import { echo } from './echo.ts';
import { nearest } from './nearest.ts';
import type { ProblemArgs, ProblemCode } from './problem.ts';

/** Says in our words why a value is refused; a schema's transform returns what this returns. */
export function refuse(context: z.core.$RefinementCtx, code: ProblemCode, args: ProblemArgs = {}): never {
  context.addIssue({ code: 'custom', params: { code, args } });
  return z.NEVER;
}

const OFF = 'off';
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNIT_BYTES = { KB: 1_024, MB: 1_048_576, GB: 1_073_741_824 } as const;
const DURATION = /^(?:\d+(?:\.\d+)?\s*(?:ms|[smhd])\s*)+$/i;

function readDuration(text: string): number | null {
  if (/^0+$/.test(text)) return 0;
  if (!DURATION.test(text)) return null;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhd])/gi))
    sum += Number(amount) * UNIT_MS[unit!.toLowerCase() as keyof typeof UNIT_MS];
  return Math.round(sum);
}

/** A duration in milliseconds, written with its unit: `30s`, `5m`, `1h 30m`, `72h`, `10d`. */
export function duration(limits: { readonly min: string; readonly max: string }) {
  return z
    .string()
    .meta({ examples: ['30s', '5m', '72h', '10d'] })
    .transform((written, context): number => {
      const text = written.trim();
      const ms = readDuration(text);
      if (ms === null)
        return refuse(context, /^\d+(?:[.,]\d+)?$/.test(text) ? 'duration_without_unit' : 'bad_duration', { value: echo(text) });
      if (ms < readDuration(limits.min)!) return refuse(context, 'too_small', { value: echo(text), min: limits.min });
      if (ms > readDuration(limits.max)!) return refuse(context, 'too_big', { value: echo(text), max: limits.max });
      return ms;
    });
}

/** Takes the word `off` for null, else what the given schema takes. */
export function orOff<T extends z.ZodType<unknown, string>>(schema: T) {
  return z
    .string()
    .meta(schemaHints(schema))
    .transform((written, context): z.output<T> | null => {
      if (written.trim().toLowerCase() === OFF) return null;
      const answer = schema.safeParse(written);
      if (answer.success) return answer.data;
      for (const issue of answer.error.issues) context.addIssue({ ...issue });
      return z.NEVER;
    });
}

/** What editors are told of the wrapped schema: its examples, and `off` among them. */
function schemaHints(schema: z.ZodType): { examples: unknown[] } {
  const first = schema instanceof z.ZodPipe ? schema.in : schema;
  const examples = first instanceof z.ZodType ? (first.meta()?.['examples'] as unknown[] | undefined) : undefined;
  return { examples: [...(examples ?? []), OFF] };
}

/** A size in bytes: `10 MB`. */
export const size = z
  .string()
  .meta({ examples: ['10 MB'] })
  .transform((written, context): number => {
    const [, amount, unit] = /^(\d+)\s*([KMG]B)$/i.exec(written.trim()) ?? [];
    if (amount === undefined || unit === undefined) return refuse(context, 'bad_size', { value: echo(written) });
    const bytes = Number(amount) * UNIT_BYTES[unit.toUpperCase() as keyof typeof UNIT_BYTES];
    if (bytes < 65_536) return refuse(context, 'too_small', { value: echo(written), min: '64 KB' });
    return bytes > UNIT_BYTES.GB ? refuse(context, 'too_big', { value: echo(written), max: '1 GB' }) : bytes;
  });

/** An IANA zone in its own spelling. */
export const zone = z
  .string()
  .meta({ examples: ['Europe/Moscow', 'Asia/Yekaterinburg'] })
  .transform((written, context): string => {
    const known = Intl.supportedValuesOf('timeZone');
    const text = written.trim();
    const exact = known.find((name) => name.toLowerCase() === text.toLowerCase());
    if (exact !== undefined) return exact;
    // Aliases such as Europe/Kiev and UTC are not listed, yet understood; offsets such as +03:00 are too, but they know no summer time rules and no place.
    if (/^[A-Za-z]/.test(text) && isUnderstoodZone(text)) return text;
    const near = nearest(text, known);
    return refuse(context, 'bad_zone', { value: echo(text), ...(near === null ? {} : { nearest: near }) });
  });

function isUnderstoodZone(text: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A date, with or without a time, in the database server's clock. */
export const wallDate = z
  .string()
  .meta({ examples: ['2026-11-24', '24.11.2026', '2026-11-24 18:30'] })
  .transform((written, context): WallTime => {
    const answer = parseWallDate(written.trim());
    return answer.ok ? answer.wall : refuse(context, 'bad_date', { value: echo(written), why: answer.code });
  });

/** Tillypad's identifier in lower case; braces and upper case are taken. */
export const guid = z
  .string()
  .meta({ pattern: '^\\s*\\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}?\\s*$' })
  .transform((written, context): string => {
    const [, bare] = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i.exec(written.trim()) ?? [];
    return bare === undefined ? refuse(context, 'bad_guid', { value: echo(written) }) : bare.toLowerCase();
  });

/** Hours of a day, `22-9`: from the first until the second. */
export const hours = z
  .string()
  .meta({ examples: ['22-9'] })
  .transform((written, context): { readonly from: number; readonly to: number } => {
    const [, from, to] = /^(\d{1,2})(?::00)?\s*[-–—]\s*(\d{1,2})(?::00)?$/.exec(written.trim()) ?? [];
    const answer = { from: Number(from), to: Number(to) % 24 };
    if (from === undefined || answer.from > 23 || Number(to) > 24 || answer.from === answer.to)
      return refuse(context, 'bad_hours', { value: echo(written) });
    return answer;
  });

/** Hours of one day, `9-22`, never over midnight; 24 is its end. */
export const dayHours = z
  .string()
  .meta({ examples: ['9-22'] })
  .transform((written, context): { readonly from: number; readonly to: number } => {
    const [, from, to] = /^(\d{1,2})(?::00)?\s*[-–—]\s*(\d{1,2})(?::00)?$/.exec(written.trim()) ?? [];
    const answer = { from: Number(from), to: Number(to) };
    return from === undefined || answer.to > 24 || answer.from >= answer.to
      ? refuse(context, 'bad_day_hours', { value: echo(written) })
      : answer;
  });

/** An amount of money in 1/10,000, not below zero. */
export const amount = z.union([z.number(), z.string()]).transform((written, context): Money => {
  const answer = parseMoneyInput(String(written));
  if (!answer.ok) return refuse(context, 'bad_amount', { value: echo(written), why: answer.code });
  return answer.money < 0n ? refuse(context, 'too_small', { value: echo(written), min: 0 }) : answer.money;
});

/** Roubles above zero as decimal text; `off` = unknown. */
export const price = z.union([z.number(), z.string()]).transform((written, context): string | null => {
  if (String(written).trim().toLowerCase() === OFF) return null;
  const answer = parseMoneyInput(String(written));
  if (!answer.ok) return refuse(context, 'bad_amount', { value: echo(written), why: answer.code });
  return answer.money <= 0n ? refuse(context, 'too_small', { value: echo(written), min: '0,0001' }) : moneyToDecimal(answer.money);
});

/** Days, from a number or from the text of a variable. */
export const days = z.union([z.number(), z.string()]).transform((written, context): number => {
  const count = Number(written);
  if (!Number.isInteger(count)) return refuse(context, 'not_whole', { value: echo(written) });
  if (count < 1) return refuse(context, 'too_small', { value: echo(written), min: 1 });
  return count > 3650 ? refuse(context, 'too_big', { value: echo(written), max: 3650 }) : count;
});

/** A country by its two letters. */
export const country = z
  .string()
  .meta({ examples: ['RU', 'BY', 'KZ'] })
  .transform((written, context): string => {
    const code = written.trim().toUpperCase();
    return isPhoneCountry(code) ? code : refuse(context, 'bad_country', { value: echo(written) });
  });

/** A sender's name as phones show it: GSM allows eleven plain characters. */
export const senderName = z
  .string()
  .trim()
  .transform((text, context): string =>
    /^[A-Za-z0-9 ._&+!-]{0,11}$/.test(text) ? text : refuse(context, 'bad_sender', { value: echo(text) }),
  );

/** A line of text; blanks at both ends go. */
export function line(max: number) {
  return z.string().trim().max(max);
}

/** A path of a file or folder as written; made absolute later, by the place that named it. */
export const path = z.string().transform((written, context): string => {
  const text = written.trim();
  return text === '' || text.includes('\0') ? refuse(context, 'bad_path') : text;
});
