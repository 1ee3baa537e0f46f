import { CommanderError } from 'commander';
import type { Terminal } from '../io/terminal.js';
import { assertNever } from '../model/assert-never.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import type { Permission } from '../model/permission.js';
import { VendorError } from '../model/vendor-error.js';
import { withWaysOut } from '../model/ways-out.js';
import { commandLine } from './command-line.js';
import { EXIT, printFailure } from './output.js';
import { formatIn, usageMistake } from './usage.js';

export { processTerminal } from '../io/terminal.js';
export { skipWasmOptimization } from '../io/wasm.js';

/** Runs one command line and returns its exit code. Prints everything itself and never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  const program = commandLine(terminal, async (run) => {
    code = await run();
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version have been printed by then, also where a command was missing.
      if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
      return failWith(EXIT.error, [usageMistake(error, argv, program)], argv, terminal);
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
  printFailure(terminal, formatIn(argv), flags, withWaysOut(diagnostics, flagFor));
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
  return [unexpected(fault, argv, terminal)];
}

/** Reports what nobody was there to catch. Returns the exit code. */
export function crash(fault: unknown, argv: readonly string[], terminal: Terminal): number {
  return failWith(EXIT.error, [unexpected(fault, argv, terminal)], argv, terminal);
}

/** A fault of our own: one line for the user, and the stack only for those who ask for it. */
function unexpected(fault: unknown, argv: readonly string[], terminal: Terminal): Diagnostic {
  const { name, message, stack } = fault instanceof Error ? fault : new Error(String(fault));
  const debug = /--log-level[= ]debug/.test(argv.join(' '));
  if (debug) terminal.err(`${stack ?? message}\n`);
  return error('internal', `something in llmform itself went wrong: ${name}: ${message.split('\n', 1)[0]}`, {
    detail: `This is a mistake of ours, not of yours. Please report it${debug ? ', with the lines above' : '; --log-level debug prints where it happened'}.`,
  });
}
