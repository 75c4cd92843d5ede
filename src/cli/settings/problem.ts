import type { TaskId } from '../../core/glossary.ts';

/** Where a value came from, or where a problem stands. Line and column count from 1. */
export type Source =
  | { readonly from: 'flag'; readonly flag: string }
  | { readonly from: 'environment'; readonly variable: string }
  | { readonly from: 'file'; readonly file: string; readonly line: number | null; readonly column: number | null }
  | { readonly from: 'parameter'; readonly taskId: TaskId; readonly parameter: string }
  | { readonly from: 'default' };

/** Everything that can be wrong with the settings; each has its sentence and its fix in `cli/render`. */
export const PROBLEM_CODES = [
  'file_missing',
  'file_denied',
  'file_not_a_file',
  'file_failed',
  'file_too_large',
  'file_writable',
  'folder_writable',
  'file_encoding',
  'yaml_syntax',
  'yaml_tab',
  'yaml_colon',
  'yaml_escape',
  'yaml_reserved',
  'yaml_duplicate_key',
  'yaml_documents',
  'yaml_tag',
  'yaml_alias',
  'yaml_key',
  'yaml_too_big',
  'unknown_key',
  'program_key',
  'missing_key',
  'unknown_variable',
  'wrong_type',
  'not_a_choice',
  'too_small',
  'too_big',
  'not_whole',
  'text_empty',
  'text_too_long',
  'bad_duration',
  'duration_without_unit',
  'bad_size',
  'bad_zone',
  'bad_date',
  'bad_guid',
  'bad_hours',
  'bad_day_hours',
  'bad_country',
  'bad_sender',
  'bad_amount',
  'bad_url',
  'url_with_credentials',
  'url_with_token',
  'bad_proxy',
  'proxy_scheme',
  'bad_token',
  'bad_path',
  'database_scheme',
  'database_address',
  'database_password_flag',
  'server_incomplete',
  'bad_key',
  'bad_reference',
  'reference_refused',
  'secret_variable_missing',
  'secret_file_missing',
  'secret_file_unreadable',
  'secret_empty',
  'ca_missing',
  'ca_unreadable',
  'ca_not_pem',
  'text_without_language',
  'template_broken_syntax',
  'template_unknown_variable',
  'template_wrong_use',
  'template_unknown_choice',
  'template_choice_in_tag',
  'template_empty',
  'template_html_unclosed_tag',
  'template_html_unknown_tag',
  'template_html_bad_attribute',
  'template_html_unexpected_end',
  'template_html_wrong_end',
  'template_html_never_closed',
  'bad_task_id',
  'same_task_id',
  'rate_above_limit',
  'token_missing',
  'parameters_damaged',
  'sms_key_missing',
  'sms_text_too_long',
  'sms_late_hour',
  'sms_consent_twice',
  'sms_no_country',
  'database_missing',
  'invalid',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export type ProblemArgs = Readonly<Record<string, string | number>>;

/** One thing that is wrong. `path` is the dotted path of the setting, `taskId` the task it was wrong for; no secret is in `args`. */
export interface SettingsProblem {
  readonly path: string | null;
  readonly taskId: TaskId | null;
  readonly source: Source | null;
  readonly code: ProblemCode;
  readonly args: ProblemArgs;
}

/** Builds a problem of a place that belongs to no task. */
export function problemAt(
  path: string | null,
  source: Source | null,
  what: { readonly code: ProblemCode; readonly args?: ProblemArgs },
): SettingsProblem {
  return { path, taskId: null, source, code: what.code, args: what.args ?? {} };
}

/** A source in one word that needs no language: `--flag`, `VARIABLE`, `file:line`, a parameter's name. */
export function sourceText(source: Source): string {
  switch (source.from) {
    case 'flag':
      return source.flag;
    case 'environment':
      return source.variable;
    case 'file':
      return source.line === null ? source.file : `${source.file}:${source.line}:${source.column ?? 1}`;
    case 'parameter':
      return source.parameter;
    case 'default':
      return '';
  }
}
