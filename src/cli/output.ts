import { type Diagnostic, error } from '../model/diagnostic.js';
import { describeErrorCode } from '../platform/fs/files.js';
import type { Terminal } from '../platform/process/terminal.js';
import { diagnosticsGithub, diagnosticsText, failureJson, type TextOptions } from '../report/index.js';
import { type CommonFlags, type Format, isQuiet } from './flags.js';

export const EXIT = { done: 0, error: 1, changes: 2, partial: 3, refused: 4, interrupted: 130 } as const;

type Looks = Pick<CommonFlags, 'color' | 'logLevel'>;

export function textOptions(terminal: Terminal, flags: Looks, stream: 'out' | 'err' = 'out'): TextOptions {
  const { width } = terminal;
  return {
    color: flags.color && (stream === 'out' ? terminal.color : terminal.errorColor),
    detail: flags.logLevel === 'debug' ? 'full' : 'short',
    ...(width !== undefined && { width }),
  };
}

/** With no result to come, the findings are the document on stdout where a format has one for them. */
export function printFailure(
  terminal: Terminal,
  format: Format,
  flags: Looks,
  diagnostics: readonly Diagnostic[],
): void {
  if (format === 'json') terminal.out(failureJson(diagnostics));
  else if (format === 'github') terminal.command(diagnosticsGithub(diagnostics));
  else printDiagnostics(terminal, flags, diagnostics);
}

export function printDiagnostics(
  terminal: Terminal,
  flags: Looks,
  diagnostics: readonly Diagnostic[],
  options: TextOptions = textOptions(terminal, flags, 'err'),
): void {
  if (diagnostics.length === 0) return;
  terminal.err(diagnosticsText(diagnostics, options));
}

/** The output did not arrive, or only a part of it. `fault` is the system's name of the error. */
export function lostOutput(fault: string): Diagnostic {
  return error('file', `the results could not be written to stdout: ${describeErrorCode(fault)}`, {
    detail: 'The output is incomplete.',
  });
}

/** Warnings are left out where the user asked for quiet. */
export function visibleDiagnostics(
  diagnostics: readonly Diagnostic[],
  flags: Pick<CommonFlags, 'quiet' | 'logLevel'>,
): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error' || !isQuiet(flags));
}
