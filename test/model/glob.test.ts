import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/model/glob.js';
import { matchesGlobs } from '../../src/model/glob-walk.js';

const matches = (pattern: string, path: string) => {
  const glob = parseGlob(pattern);
  if ('fault' in glob) throw new Error(glob.fault);
  return matchesGlobs([glob], path);
};

describe('a pattern', () => {
  it.each<[pattern: string, yes: string[], no: string[]]>([
    [
      'llms/*.yaml',
      ['llms/a.yaml', 'llms/ä b.yaml'],
      ['llms/x/a.yaml', 'a.yaml', 'llms/a.yml', 'llms/.a.yaml'],
    ],
    ['./llms//*.yaml', ['llms/a.yaml'], ['llms.yaml']],
    [
      'llms/**/*.yaml',
      ['llms/a.yaml', 'llms/x/y/a.yaml'],
      ['llmsx/a.yaml', 'llms/.x/a.yaml', 'llms/node_modules/a.yaml'],
    ],
    ['**/x/**/y.yaml', ['x/y.yaml', 'a/x/b/c/y.yaml', 'x/x/y.yaml'], ['y.yaml', 'x/z.yaml']],
    ['**', ['a', 'a/b'], ['.a']],
    ['a**b', ['ab', 'a-b'], ['a/b']],
    ['llm-?.yaml', ['llm-1.yaml', 'llm-😀.yaml'], ['llm-.yaml', 'llm-12.yaml']],
    ['[a-c1]?[!x].y', ['b..y', '1zz.y'].slice(1), ['d1a.y', 'aax.y']],
    ['*.{yaml,yml}', ['a.yaml', 'a.yml'], ['a.{yaml,yml}', 'a.json']],
    ['{a,b/{c,d}}/*', ['a/x', 'b/c/x', 'b/d/x'], ['b/x']],
    ['{a}.yaml', ['{a}.yaml'], ['a.yaml']],
    ['\\*\\{a,b\\}', ['*{a,b}'], ['x', 'xa']],
    ['a(1)/b+c.yaml', ['a(1)/b+c.yaml'], ['a1/bc.yaml']],
  ])('%s', (pattern, yes, no) => {
    expect(yes.filter((path) => !matches(pattern, path))).toEqual([]);
    expect(no.filter((path) => matches(pattern, path))).toEqual([]);
  });

  it('with "!" wins, wherever it stands', () => {
    const globs = ['!a/**', '**/*.yaml'].map(parseGlob).filter((glob) => 'branches' in glob);
    expect(['a/x.yaml', 'b/x.yaml'].map((path) => matchesGlobs(globs, path))).toEqual([false, true]);
  });

  it('cannot keep a machine busy: four runs, and as many folders as there is room for', () => {
    const name = 'a'.repeat(100_000);
    expect(matches('*a*a*a*b', name)).toBe(false);
    expect(matches(`${'**/a/'.repeat(90)}b`, `${'a/'.repeat(2000)}c`)).toBe(false);
  });
});
