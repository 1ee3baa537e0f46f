import { CommanderError } from 'commander';
import type { Terminal } from '../io/terminal.js';
import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { MASK_FAILED, MaskFailure } from '../model/mask-failure.js';
import { framesOf, kindOf, unexpected } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';
import { commandLine } from './command-line.js';
import { EXIT, Exit, printFailure } from './output.js';
import { formatIn, usageMistake } from './usage.js';
import { version } from './version.js';

export { processTerminal } from '../io/terminal.js';

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
    if (error instanceof Exit) return failWith(error.code, error.diagnostics, argv, terminal);
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
  const format = formatIn(argv);
  // One fixed sentence and nothing else, but for the formats that are read by programs.
  if (format !== 'json' && diagnostics.some(({ summary }) => summary === MASK_FAILED)) {
    terminal.err(`${MASK_FAILED}\n`);
  } else printFailure(terminal, format, flags, diagnostics);
  return code;
}

function diagnosticsOf(error: unknown, argv: readonly string[], terminal: Terminal): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (error instanceof VendorError) return [{ severity: 'error', code: 'vendor', summary: error.message }];
  return [ownFault(error, argv, terminal)];
}

/** Reports what nothing caught. Returns the exit code, and never throws: Node would print the error in full. */
export function crash(error: unknown, argv: readonly string[], terminal: Terminal): number {
  try {
    return failWith(EXIT.error, diagnosticsOf(error, argv, terminal), argv, terminal);
  } catch {
    return EXIT.error;
  }
}

/** One line for the user, and all of the way there only for those who ask for it. */
function ownFault(error: unknown, argv: readonly string[], terminal: Terminal): Diagnostic {
  const debug = /--log-level[= ]debug/.test(argv.join(' '));
  if (debug && !(error instanceof MaskFailure)) {
    const frames = framesOf(error).map((frame) => `    at ${frame}\n`);
    terminal.err(`${kindOf(error)}, llmform ${version}, node ${process.version}\n${frames.join('')}`);
  }
  return unexpected(error);
}
