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

/** The end of a run that is refused before its first write. */
export function createRefusal(...diagnostics: Diagnostic[]): ExitError {
  return new ExitError(4, ...diagnostics);
}
