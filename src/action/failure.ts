import { assertNever } from '../model/assert-never.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import type { Permission } from '../model/permission.js';
import type { Guards } from '../model/project.js';
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
    case 'rebind':
      return `If only its address changed, go on with the input rebind: ${permission.target}.`;
    case 'guard':
      return `If that is right, apply with the input ${GUARD_INPUTS[permission.guard]}: ${permission.least}.`;
    default:
      return assertNever(permission);
  }
}

/** The input that lifts each guard for one apply. */
const GUARD_INPUTS = {
  maxDelete: 'max-delete',
  maxDeletePercent: 'max-delete-percent',
  maxUpdatePercent: 'max-update-percent',
  maxMissingPercent: 'max-missing',
} as const satisfies Record<keyof Guards, string>;
