import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root, type Scratch, scratch } from './scratch.js';

let project: Scratch;
beforeEach(async () => {
  project = await scratch();
  for (const file of ['biome.jsonc', '.gitignore']) {
    await copyFile(join(root, file), join(project.folder, file));
  }
});
afterEach(() => project.remove());

const lint = () => execa('npm', ['run', 'lint'], { cwd: project.folder, reject: false, all: true });

/** What may not stand in src, and the rule that says so. */
const REFUSED: [rule: string, code: string][] = [
  ['noVar', 'export var a = 1;'],
  ['noExplicitAny', 'export const a: any = 1;'],
  ['noDoubleEquals', 'export const same = (a: string, b: string): boolean => a == b;'],
  ['noDebugger', 'debugger;'],
  ['noNonNullAssertion', 'export const length = (a?: string): number => a!.length;'],
  ['useConst', 'let a = 1;\nexport const b = a;'],
  ['noTsIgnore', "// @ts-ignore\nexport const a: number = 'text';"],
  ['noUnusedVariables', 'const a = 1;'],
  ['noUndeclaredDependencies', "import left from 'left-pad';\n\nexport const a = left;"],
  [
    'noFloatingPromises',
    'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}',
  ],
];

describe('npm run lint', () => {
  it('accepts what follows the rules', async () => {
    await project.write('src/a.ts', 'export const a = 1;\n');
    const { exitCode, all } = await lint();
    expect({ exitCode, all: exitCode === 0 ? '' : all }).toEqual({ exitCode: 0, all: '' });
  });

  it('fails on files that import each other, also later and for a type', async () => {
    await project.write(
      'src/a.ts',
      "import type { B } from './b.js';\n\nexport type A = B;\nexport const a = 1;\n",
    );
    await project.write(
      'src/b.ts',
      "export type B = string;\nexport const later = (): Promise<object> => import('./a.js');\n",
    );
    const { exitCode, all } = await lint();
    expect(all).toMatch(/lint\/suspicious\/noImportCycles/);
    expect(exitCode).toBe(1);
  });

  it.each(REFUSED)('fails on %s in src', async (rule, code) => {
    await project.write('src/a.ts', `${code}\n`);
    const { exitCode, all } = await lint();
    expect(all).toMatch(new RegExp(`^src/a\\.ts:\\d+:\\d+ lint/\\w+/${rule} `, 'm'));
    expect(exitCode).toBe(1);
  });
});
