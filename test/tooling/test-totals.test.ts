import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './scratch.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-totals-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  [{ numPassedTests: 12, numFailedTests: 0, testResults: [] }, '12 passed, 0 failed'],
  [{ numPassedTests: 12, numFailedTests: 3, testResults: [] }, '12 passed, 3 failed'],
  // A file that cannot be loaded has no tests of its own to fail.
  [
    { numPassedTests: 12, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] },
    '12 passed, 1 failed',
  ],
])('prints the totals of %j', async (report, line) => {
  const file = join(folder, 'report.json');
  await writeFile(file, JSON.stringify(report));
  expect((await execa('node', [join(root, 'scripts/test-totals.mjs'), file])).stdout).toBe(line);
});

it('prints totals even when the runner wrote no report', async () => {
  const file = join(folder, 'report.json');
  await writeFile(file, '');
  expect((await execa('node', [join(root, 'scripts/test-totals.mjs'), file])).stdout).toBe(
    '0 passed, 0 failed',
  );
});
