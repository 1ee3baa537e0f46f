import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// The long versions of tests that the default run has a sample of.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.soak.test.ts'],
    exclude: ['node_modules/**'],
    testTimeout: 1_200_000,
  },
});
