import type { ExitCode } from '../core/exit-code.ts';
import type { Finding } from '../core/settings.ts';

/** A command can't do what it was asked; `findings` name the sentences, all of them at once. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
  readonly code: ExitCode;
  readonly findings: readonly Finding[];
  constructor(code: ExitCode, findings: readonly Finding[]) {
    super(findings.map((finding) => finding.code).join(', '));
    this.code = code;
    this.findings = findings;
  }
}
