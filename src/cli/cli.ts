declare const __LLMFORM_VERSION__: string | undefined;

// The question that scripts ask most is answered before another file is loaded; `main` knows the answer too.
const [first, ...others] = process.argv.slice(2);
const asksVersion = (first === '--version' || first === '-V') && others.length === 0;
if (asksVersion && typeof __LLMFORM_VERSION__ === 'string') {
  process.stdout.write(`${__LLMFORM_VERSION__}\n`);
} else {
  // While there is nothing to finish, an interrupt ends the process; locks are released on the way out.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(130);
    });
  }
  const { crash, keepYoungGenerationSmall, main, processTerminal, skipWasmOptimization } = await import(
    './main.js'
  );
  skipWasmOptimization();
  keepYoungGenerationSmall();
  const terminal = processTerminal();
  process.on('uncaughtException', (error) => process.exit(crash(error, process.argv.slice(2), terminal)));
  process.exitCode = await main(process.argv.slice(2), terminal);
}
