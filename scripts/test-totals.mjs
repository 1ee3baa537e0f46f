// Prints "N passed, N failed" from the report that vitest's JSON reporter wrote.
import { readFile } from 'node:fs/promises';

const report = JSON.parse((await readFile(process.argv[2], 'utf8')) || '{}');

// A file that cannot even be loaded has no tests to count, and yet it failed.
const unloadable = (report.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;

console.log(`${report.numPassedTests ?? 0} passed, ${(report.numFailedTests ?? 0) + unloadable} failed`);
