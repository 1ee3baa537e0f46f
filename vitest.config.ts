import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  define: { __LLMFORM_VERSION__: JSON.stringify(version) },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/cheap-scrypt.ts', 'test/support/property-seed.ts'],
    // `npm run test:soak` runs those.
    exclude: ['test/**/*.soak.test.ts', 'node_modules/**'],
    // Many tests wait for processes of theirs: on two cores vitest would take one file at a time, and two pay off.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Tests of the command line start processes, which takes a while on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
