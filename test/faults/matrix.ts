import type { Row } from './cells.js';
import { FAULTS } from './faults.js';

/** The matrix as text: a row for each operation, a numbered column for each fault, and what the numbers mean. */
export function renderMatrix(rows: readonly Row[], passed: ReadonlySet<object>): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const columns = FAULTS.map((_, i) => String(i + 1).padStart(4)).join('');
  const lines = rows.map(({ name, cells }) => {
    const marks = cells.map((cell) =>
      (cell.notApplicable ? 'n/a' : passed.has(cell) ? '✓' : '✗').padStart(4),
    );
    return name.padEnd(width) + marks.join('');
  });
  const legend = FAULTS.map(({ name }, i) => `${String(i + 1).padStart(3)} ${name}`);
  const all = rows.flatMap(({ cells }) => cells);
  const open = all.filter(({ notApplicable }) => notApplicable !== undefined).length;
  return [
    ...legend,
    '',
    ' '.repeat(width) + columns,
    ...lines,
    '',
    `fault matrix: ${passed.size} cells passed, ${open} not applicable`,
  ].join('\n');
}
