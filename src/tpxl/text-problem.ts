import type { TpxlArgs } from './error.ts';

/** What is wrong inside a text; `at` counts UTF-16 units from its begin. A remark is unusual, but may be right. */
export interface TextProblem {
  readonly code: string;
  readonly at: number;
  readonly severity: 'fault' | 'remark';
  readonly args: TpxlArgs;
}

export function fault(code: string, at: number, args: TpxlArgs = {}): TextProblem {
  return { code, at, severity: 'fault', args };
}

export function remark(code: string, at: number, args: TpxlArgs = {}): TextProblem {
  return { code, at, severity: 'remark', args };
}
