import { CommanderError } from 'commander';
import { assertNever } from '../model/assert-never.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { MASK_FAILED, MaskError } from '../model/mask-error.js';
import type { Permission } from '../model/permission.js';
import { errorKindOf, framesOf, unexpectedDiagnostic } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';
import { withWaysOut } from '../model/ways-out.js';
import type { Terminal } from '../platform/process/terminal.js';
import { buildCommandLine } from './command-line.js';
import { EXIT, printFailure } from './output.js';
import { requestedFormat, usageError } from './usage.js';
import { version } from './version.js';

export { processTerminal } from '../platform/process/terminal.js';
export { skipWasmOptimization } from '../platform/process/wasm.js';

/** Runs one command line and returns its exit code. Prints everything itself and never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  const act = async (run: () => Promise<number>) => {
    code = await run();
  };
  const program = buildCommandLine(terminal, act, main);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version have been printed by then, also where a command was missing.
      if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
      return failWith(EXIT.error, [usageError(error, argv, program)], argv, terminal);
    }
    if (error instanceof ExitError) return failWith(error.exitCode, error.diagnostics, argv, terminal);
    return failWith(EXIT.error, diagnosticsOf(error, argv, terminal), argv, terminal);
  }
}

function failWith(
  code: number,
  diagnostics: readonly Diagnostic[],
  argv: readonly string[],
  terminal: Terminal,
): number {
  const flags = { color: !argv.includes('--no-color'), logLevel: 'info' } as const;
  const format = requestedFormat(argv);
  // One fixed sentence and nothing else, but for the formats that are read by programs.
  if (format !== 'json' && diagnostics.some(({ summary }) => summary === MASK_FAILED)) {
    terminal.err(`${MASK_FAILED}\n`);
  } else printFailure(terminal, format, flags, withWaysOut(diagnostics, flagFor));
  return code;
}

/** The flag that gives a permission. */
function flagFor(permission: Permission): string {
  switch (permission.allow) {
    case 'host':
      return `Allow it with --allow-host ${permission.host}.`;
    case 'commands':
      return 'Allow them with --allow-commands.';
    default:
      return assertNever(permission);
  }
}

function diagnosticsOf(fault: unknown, argv: readonly string[], terminal: Terminal): readonly Diagnostic[] {
  if (fault instanceof DiagnosticError) return fault.diagnostics;
  if (fault instanceof VendorError) return [error('vendor', fault.message)];
  return [ownFault(fault, argv, terminal)];
}

/** Reports what nothing caught. Returns the exit code, and never throws: Node would print the error in full. */
export function crash(fault: unknown, argv: readonly string[], terminal: Terminal): number {
  try {
    return failWith(EXIT.error, diagnosticsOf(fault, argv, terminal), argv, terminal);
  } catch {
    return EXIT.error;
  }
}

/** One line for the user, and all of the way there only for those who ask for it. */
function ownFault(fault: unknown, argv: readonly string[], terminal: Terminal): Diagnostic {
  const debug = /--log-level[= ]debug/.test(argv.join(' '));
  if (debug && !(fault instanceof MaskError)) {
    const frames = framesOf(fault).map((frame) => `    at ${frame}\n`);
    terminal.err(`${errorKindOf(fault)}, llmform ${version}, node ${process.version}\n${frames.join('')}`);
  }
  return unexpectedDiagnostic(fault);
}
