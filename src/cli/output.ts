import type { Terminal } from '../io/terminal.js';
import { type Diagnostic, hasErrors } from '../model/diagnostic.js';
import { diagnosticsText, failureJson, type TextOptions } from '../report/index.js';
import type { CommonFlags, Format } from './flags.js';

export const EXIT = { done: 0, error: 1, changes: 2, partial: 3, refused: 4, interrupted: 130 } as const;

/** Ends a command: results were printed, or these findings are still to be. */
export class Exit extends Error {
  readonly code: number;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: number, ...diagnostics: Diagnostic[]) {
    super(`exit ${code}`);
    this.code = code;
    this.diagnostics = diagnostics;
  }
}

export function textOptions(terminal: Terminal, flags: Pick<CommonFlags, 'color' | 'verbose'>): TextOptions {
  const { width } = terminal;
  return {
    color: flags.color && terminal.color,
    verbose: flags.verbose,
    ...(width !== undefined && { width }),
  };
}

/** Warnings go to the error stream; with nothing else to come, failures are the JSON document. */
export function printFailure(
  terminal: Terminal,
  format: Format,
  options: TextOptions,
  diagnostics: readonly Diagnostic[],
): void {
  if (format === 'json') terminal.out(failureJson(diagnostics));
  else printDiagnostics(terminal, options, diagnostics);
}

export function printDiagnostics(
  terminal: Terminal,
  options: TextOptions,
  diagnostics: readonly Diagnostic[],
): void {
  if (diagnostics.length > 0) terminal.err(diagnosticsText(diagnostics, options));
}

/** With `--quiet`, warnings are left out where there are errors or results to read. */
export function worthSaying(diagnostics: readonly Diagnostic[], quiet: boolean): Diagnostic[] {
  return quiet ? diagnostics.filter(({ severity }) => severity === 'error') : [...diagnostics];
}

export { hasErrors };
