import { type Diagnostic, DiagnosticError } from './diagnostic.js';

/** Diagnostics that end a command with an exit code other than that of a mistake. */
export class ExitError extends DiagnosticError {
  override readonly name = 'ExitError';
  readonly exitCode: number;

  constructor(exitCode: number, ...diagnostics: Diagnostic[]) {
    super(...diagnostics);
    this.exitCode = exitCode;
  }
}
