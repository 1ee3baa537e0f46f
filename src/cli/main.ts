import { type Command, CommanderError } from 'commander';
import { asWarning, type Diagnostic } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { MASK_FAILED } from '../model/mask-error.js';
import { withWaysOut } from '../model/ways-out.js';
import type { Terminal } from '../platform/process/terminal.js';
import { buildCommandLine } from './command-line.js';
import { diagnosticsOf } from './failure.js';
import type { Act } from './flags.js';
import { EXIT, lostOutput, printDiagnostics, printFailure } from './output.js';
import { requestedFormat, usageError } from './usage.js';
import { flagFor } from './ways-out.js';

export { keepYoungGenerationSmall } from '../platform/process/heap.js';
export { processTerminal } from '../platform/process/terminal.js';
export { tuneEngine } from '../platform/process/tune-engine.js';

/** Runs one command line and returns its exit code. Prints everything itself and never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { code, writes } = await run(argv, terminal);
  const fault = await terminal.outputFault?.();
  // A reader that went away (`llmform plan | head`) is not our failure.
  if (fault === undefined || (fault === 'EPIPE' && !writes)) return code;
  // The writes at the vendors decide the exit code: output that is lost after them is only a warning.
  const lost = lostOutput(fault);
  printDiagnostics(terminal, flagsOf(argv), [writes ? asWarning(lost) : lost]);
  return writes || code > EXIT.changes ? code : EXIT.error;
}

async function run(argv: readonly string[], terminal: Terminal): Promise<{ code: number; writes: boolean }> {
  let code: number = EXIT.done;
  let writes = false;
  const act: Act = async (run, effect) => {
    writes = effect === 'writes';
    code = await run();
  };
  const program = buildCommandLine(terminal, act, main);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    code = failed(error, argv, program, terminal);
  }
  return { code, writes };
}

/** Reports why a command ended early, and returns its exit code. */
function failed(error: unknown, argv: readonly string[], program: Command, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Help and version have been printed by then, also where a command was missing.
    if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
    return failWith(EXIT.error, [usageError(error, argv, program)], argv, terminal);
  }
  if (error instanceof ExitError) return failWith(error.exitCode, error.diagnostics, argv, terminal);
  return failWith(EXIT.error, diagnosticsOf(error, wantsDebug(argv), terminal), argv, terminal);
}

function failWith(
  code: number,
  diagnostics: readonly Diagnostic[],
  argv: readonly string[],
  terminal: Terminal,
): number {
  const flags = flagsOf(argv);
  const format = requestedFormat(argv);
  // One fixed sentence and nothing else, but for the formats that are read by programs.
  if (format !== 'json' && diagnostics.some(({ summary }) => summary === MASK_FAILED)) {
    terminal.err(`${MASK_FAILED}\n`);
  } else printFailure(terminal, format, flags, withWaysOut(diagnostics, flagFor));
  return code;
}

function flagsOf(argv: readonly string[]) {
  return { color: !argv.includes('--no-color'), logLevel: 'info' } as const;
}

/** Reports what nothing caught. Returns the exit code, and never throws: Node would print the error in full. */
export function crash(fault: unknown, argv: readonly string[], terminal: Terminal): number {
  const code = terminal.crashCode?.() ?? EXIT.error;
  try {
    return failWith(code, diagnosticsOf(fault, wantsDebug(argv), terminal), argv, terminal);
  } catch {
    return code;
  }
}

function wantsDebug(argv: readonly string[]): boolean {
  return /--log-level[= ]debug/.test(argv.join(' '));
}
