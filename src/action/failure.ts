import { assertNever } from '../model/assert-never.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import type { Permission } from '../model/permission.js';
import { unexpectedDiagnostic } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';
import { withWaysOut } from '../model/ways-out.js';

/** The command's own exit codes; 2 only where drift is to fail. */
export const EXIT = { done: 0, error: 1, drift: 2, partial: 3, refused: 4, interrupted: 130 } as const;

/** A thrown value as an exit code and diagnostics. */
export function failureOf(fault: unknown): { code: number; diagnostics: readonly Diagnostic[] } {
  if (fault instanceof DiagnosticError) {
    const code = fault instanceof ExitError ? fault.exitCode : EXIT.error;
    return { code, diagnostics: withWaysOut(fault.diagnostics, inputFor) };
  }
  const finding = fault instanceof VendorError ? error('vendor', fault.message) : unexpectedDiagnostic(fault);
  return { code: EXIT.error, diagnostics: [finding] };
}

/** The input of this action that gives a permission. */
export function inputFor(permission: Permission): string {
  switch (permission.allow) {
    case 'host':
      return `Allow it with the input allowed-hosts: ${permission.host}.`;
    case 'file':
      return `Allow it with the input allowed-files: ${permission.path}.`;
    case 'commands':
      return 'Allow them with the input allow-commands: true.';
    default:
      return assertNever(permission);
  }
}
