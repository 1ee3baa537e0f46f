import { tryToPrint } from '../platform/process/print.js';

declare const __LLMFORM_VERSION__: string | undefined;

// The question that scripts ask most is answered before another file is loaded; `main` knows the answer too, and what
// to say when it cannot be printed.
const [first, ...others] = process.argv.slice(2);
const asksVersion = (first === '--version' || first === '-V') && others.length === 0;
if (!asksVersion || typeof __LLMFORM_VERSION__ !== 'string' || !tryToPrint(`${__LLMFORM_VERSION__}\n`)) {
  // While there is nothing to finish, an interrupt ends the process; locks are released on the way out.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(130);
    });
  }
  const { crash, keepYoungGenerationSmall, main, processTerminal, tuneEngine } = await import('./main.js');
  tuneEngine();
  keepYoungGenerationSmall();
  const terminal = processTerminal();
  process.on('uncaughtException', (error) => process.exit(crash(error, process.argv.slice(2), terminal)));
  process.exitCode = await main(process.argv.slice(2), terminal);
}
