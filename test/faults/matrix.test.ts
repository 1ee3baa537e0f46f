import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRows, applicable, type Cell, type Row } from './cells.js';
import { renderMatrix } from './matrix.js';
import { runCell } from './run-cell.js';

/** Cells side by side: most of a cell is waiting. */
const ABREAST = 8;

const rows = await allRows();
const passed = new Set<Cell>();
const usual = process.env.TMPDIR;
const temporary = mkdtempSync(join(tmpdir(), 'llmform-faults-'));

beforeAll(() => {
  // Whatever is written outside the project can be seen there.
  process.env.TMPDIR = temporary;
});

afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  const left = existsSync(temporary) ? readdirSync(temporary) : [];
  rmSync(temporary, { recursive: true, force: true });
  console.log(renderMatrix(rows, passed));
  expect(left).toEqual([]);
});

describe.each(subjectsOf(rows))('every operation under every fault', ({ name, cells }) => {
  // Thousands of commands, which takes a while on a busy machine.
  it(name, { timeout: 180_000 }, async () => {
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) {
        const found = await runCell(cell);
        if (found.length === 0) passed.add(cell);
        wrong.push(...found);
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    expect(wrong).toEqual([]);
  });
});

/** The cells of each kind of each vendor, all its operations together: a row alone is spent on waiting. */
function subjectsOf(all: readonly Row[]): { name: string; cells: Cell[] }[] {
  const bySubject = new Map<string, Cell[]>();
  for (const { cells } of all) {
    for (const cell of applicable(cells)) {
      const name = `${cell.subject.vendor.id} ${cell.subject.kind.name}`;
      bySubject.set(name, [...(bySubject.get(name) ?? []), cell]);
    }
  }
  return [...bySubject].map(([name, cells]) => ({ name, cells }));
}
