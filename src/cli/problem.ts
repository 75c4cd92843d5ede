import type { ExitCode } from '../core/exit-code.ts';
import type { Finding } from '../core/settings.ts';
import type { RefusedSettings } from './settings/load.ts';

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

/** The settings can't be used; all that is wrong with them, in the administrator's language as far as it could be known. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused';
  readonly refused: RefusedSettings;
  constructor(refused: RefusedSettings) {
    super(refused.problems.map((problem) => problem.code).join(', '));
    this.refused = refused;
  }
}
