import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));
const rooms = readdirSync(join(root, '../src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

/** The suites that are programs of their own, such as crash and faults, keep their parts beside them. */
const SHARED = ['support', 'contract'];

describe('what tests are made of', () => {
  it('lies in support, and nothing but tests in the folders that mirror src', () => {
    expect(files.filter((path) => rooms.includes(top(path)) && !path.endsWith('.test.ts'))).toEqual([]);
  });

  it('is not taken from the folder of other tests', () => {
    const wrong = files.flatMap((path) =>
      importsOf(path)
        .filter((to) => files.includes(to) && ![top(path), ...SHARED].includes(top(to)))
        .map((to) => `${path} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** The files of this folder that one of them imports. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\(\s*)['"](\.[^'"]+)['"]/g)].map(([, name = '']) =>
    normalize(join(dirname(path), name)).replace(/\.js$/, '.ts'),
  );
}

function top(path: string): string {
  return path.split('/')[0] ?? '';
}
