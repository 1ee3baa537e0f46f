import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// The long versions of tests that the default run has a sample of.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.soak.test.ts', 'test/properties/**/*.test.ts', 'test/corpus/**/*.test.ts'],
    env: { LLMFORM_FUZZ_RUNS: process.env.LLMFORM_FUZZ_RUNS ?? '500' },
    exclude: ['node_modules/**'],
    testTimeout: 1_200_000,
  },
});
