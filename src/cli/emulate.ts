import { type Emulator, emulatedVendors, startEmulator } from '../emulator/index.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { didYouMean } from '../model/suggest.js';
import { describeFileError } from '../platform/fs/files.js';
import type { Terminal } from '../platform/process/terminal.js';
import { EXIT } from './output.js';

/** `llmform emulate`: serves emulators until it is interrupted. */
export async function runEmulate(
  names: readonly string[],
  { port }: { port?: number },
  terminal: Terminal,
): Promise<number> {
  const vendors = names.length === 0 ? emulatedVendors : checked(names);
  const running: Emulator[] = [];
  try {
    for (const [i, vendor] of vendors.entries())
      running.push(await start(vendor, port === undefined ? 0 : port + i));
    for (const { vendor, url, credential } of running) {
      terminal.out(`${vendor.padEnd(11)} ${url}  credential ${credential}\n`);
    }
    const fault = await terminal.outputFault?.();
    // An emulator is of no use without its address, but a reader that went away (`| head -1`) may have read it.
    if (fault !== undefined && fault !== 'EPIPE') return EXIT.error;
    terminal.err('Nothing is kept when they stop. Press Ctrl-C to stop.\n');
    await new Promise<void>((resolve) => terminal.onInterrupt(resolve));
  } finally {
    await Promise.all(running.map((emulator) => emulator.close()));
  }
  return EXIT.done;
}

function checked(names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => !emulatedVendors.includes(name));
  if (unknown.length === 0) return names;
  throw new DiagnosticError(
    ...unknown.map((name) =>
      error('unknown', `there is no emulator of ${JSON.stringify(name)}`, {
        detail: `${didYouMean(name, emulatedVendors)}There are emulators of ${emulatedVendors.join(', ')}.`,
      }),
    ),
  );
}

async function start(vendor: string, port: number): Promise<Emulator> {
  try {
    return await startEmulator(vendor, { port });
  } catch (fault) {
    throw new DiagnosticError(
      error('usage', `the emulator of ${vendor} cannot listen on port ${port}: ${describeFileError(fault)}`, {
        detail: 'Choose another one with --port, or leave it out to take free ones.',
      }),
    );
  }
}
