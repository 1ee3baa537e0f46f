import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { unexpected } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';

/** The command's own exit codes; 2 only where drift is to fail. */
export const EXIT = { done: 0, error: 1, drift: 2, partial: 3, refused: 4, interrupted: 130 } as const;

/** Ends a run before its first write. */
export class Refusal extends Error {
  readonly code: number;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: number, ...diagnostics: Diagnostic[]) {
    super(`refused with ${code}`);
    this.code = code;
    this.diagnostics = diagnostics;
  }
}

/** What was thrown, as an exit code and what there is to say. */
export function failureOf(error: unknown): { code: number; diagnostics: readonly Diagnostic[] } {
  if (error instanceof Refusal) return { code: error.code, diagnostics: error.diagnostics.map(inOurWords) };
  if (error instanceof DiagnosticError)
    return { code: EXIT.error, diagnostics: error.diagnostics.map(inOurWords) };
  const finding: Diagnostic =
    error instanceof VendorError
      ? { severity: 'error', code: 'vendor', summary: error.message }
      : unexpected(error);
  return { code: EXIT.error, diagnostics: [finding] };
}

/** Findings name the flags of the command line, which nobody can type here. */
function inOurWords({ detail, ...diagnostic }: Diagnostic): Diagnostic {
  if (detail === undefined) return diagnostic;
  if (diagnostic.code !== 'guard') return { ...diagnostic, detail };
  return {
    ...diagnostic,
    detail: detail
      .replace(/--(max-[a-z-]+) (\d+)/g, 'the input $1: $2')
      .replace(/--allow-host (\S+),/g, 'the input allowed-hosts: $1,')
      .replace(/--allow-commands/g, 'the input allow-commands'),
  };
}
