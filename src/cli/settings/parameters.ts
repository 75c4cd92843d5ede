import type { TaskId } from '../../core/glossary.ts';
import type { StoredParameters } from '../doors.ts';
import { echoKey } from './echo.ts';
import { fieldOf, type Field } from './fields.ts';
import { fromText } from './from-text.ts';
import { taskIdOf } from './task-id.ts';

/** The original's task parameters and the settings they stand for. */
const PARAMETERS: Readonly<Record<string, string>> = {
  BotToken: 'telegram.token',
  StartDate: 'filters.startDate',
  ClientPurseTypes: 'filters.accountTypes',
  ClientGroups: 'filters.customerGroups',
  SmsOperator: 'sms.operator',
  ApiKey: 'sms.apiKey',
  PushToken: 'sms.token',
  SenderName: 'sms.sender',
};

export interface TakenParameter {
  readonly field: Field;
  readonly parameter: string;
  readonly written: unknown;
}

export interface TaskParameters {
  readonly taskId: TaskId;
  readonly taken: readonly TakenParameter[];
  /** Names that this program doesn't know: of a newer task type, or misspelt. */
  readonly unknown: readonly string[];
  /** What was saved can't be read. */
  readonly damaged: boolean;
}

/** Brings stored parameters into the settings' form. Empty ones were left unfilled in Tillypad's form and count as not given. */
export function readParameters(stored: StoredParameters): TaskParameters {
  const taken: TakenParameter[] = [];
  const unknown: string[] = [];
  for (const [name, text] of Object.entries(stored.parameters ?? {})) {
    const parameter = Object.keys(PARAMETERS).find((known) => known.toLowerCase() === name.trim().toLowerCase());
    if (parameter === undefined) unknown.push(echoKey(name));
    else if (text.trim() !== '') taken.push(takeParameter(parameter, text.trim()));
  }
  return { taskId: taskIdOf(stored.taskId) ?? stored.taskId, taken, unknown, damaged: stored.parameters === null };
}

function takeParameter(parameter: string, text: string): TakenParameter {
  const field = fieldOf(PARAMETERS[parameter]!);
  if (parameter === 'StartDate') return { field, parameter, written: plainDate(text) };
  // The wizard shows «SMS.RU», «P1SMS», «PUSHSMS»: the same names without points and in capitals.
  if (parameter === 'SmsOperator') return { field, parameter, written: text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') };
  return { field, parameter, written: fromText(field, text) };
}

const MONTHS = [
  'jan|янв',
  'feb|фев',
  'mar|мар',
  'apr|апр',
  'may|май|мая',
  'jun|июн',
  'jul|июл',
  'aug|авг',
  'sep|сен',
  'oct|окт',
  'nov|ноя',
  'dec|дек',
];

/** T-SQL turns a date into text in several ways, and none is named in the parameter; what isn't one of them is left as it is. */
function plainDate(text: string): string {
  const compact = /^(\d{4})(\d{2})(\d{2})(?:[ T](.*))?$/.exec(text);
  if (compact !== null) return withTime(compact.slice(1, 4).join('-'), compact[4] ?? null);
  // `convert(varchar, @date)`: «Dec  1 2026 12:00AM», in the login's language.
  const named = /^(\p{L}{3,8})\.?\s+(\d{1,2})\s+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[:.]\d+)?\s*([AP]M)?)?$/iu.exec(text);
  const month =
    named === null ? -1 : MONTHS.findIndex((names) => names.split('|').some((name) => named[1]!.toLowerCase().startsWith(name)));
  if (named !== null && month >= 0)
    return withTime(
      `${named[3]}-${month + 1}-${named[2]}`,
      named[4] === undefined ? null : `${hourOf(named[4], named[7])}:${named[5]}:${named[6] ?? '00'}`,
    );
  // `datetime2` has seven digits after the point.
  return text.replace(/(:\d{2}[.,]\d{3})\d{1,4}$/, '$1');
}

function withTime(date: string, time: string | null): string {
  return time === null ? date : `${date} ${time}`;
}

function hourOf(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}
