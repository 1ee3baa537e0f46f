import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { MaskError } from '../model/mask-error.js';
import { errorKindOf, framesOf, unexpectedDiagnostic } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';
import type { Terminal } from '../platform/process/terminal.js';
import { version } from './version.js';

/** The diagnostics of a command that failed. The stack trace of a bug in llmform is shown only with `debug`. */
export function diagnosticsOf(fault: unknown, debug: boolean, terminal: Terminal): readonly Diagnostic[] {
  if (fault instanceof DiagnosticError) return fault.diagnostics;
  if (fault instanceof VendorError) return [error('vendor', fault.message)];
  if (debug && !(fault instanceof MaskError)) {
    const frames = framesOf(fault).map((frame) => `    at ${frame}\n`);
    terminal.err(`${errorKindOf(fault)}, llmform ${version}, node ${process.version}\n${frames.join('')}`);
  }
  return [unexpectedDiagnostic(fault)];
}
