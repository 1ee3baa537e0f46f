import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allRows, applicable } from './cells.js';

it('has as many cells as the README says', async () => {
  const rows = await allRows();
  const count = applicable(rows.flatMap(({ cells }) => cells)).length;
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`${count} fault-matrix cells`);
});
