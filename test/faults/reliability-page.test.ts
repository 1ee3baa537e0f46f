import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allRows, applicable } from './cells.js';
import { FAULTS } from './faults.js';

it('has as many faults and cells as the page on reliability says', async () => {
  const rows = await allRows();
  const count = applicable(rows.flatMap(({ cells }) => cells)).length;
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  expect(page).toContain(`${FAULTS.length} faults in every operation`);
  expect(page).toContain(`${count} fault-matrix cells`);
});
