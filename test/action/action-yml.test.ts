import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../../src/action/inputs.js';

interface Described {
  description?: string;
  default?: string;
}

const { inputs, outputs, runs } = parse(
  readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'),
) as { inputs: Record<string, Described>; outputs: Record<string, Described>; runs: object };

describe('action.yml', () => {
  it('runs the bundle on Node 24', () => {
    expect(runs).toEqual({ using: 'node24', main: 'dist/action/index.js' });
  });

  it('describes everything, in kebab-case', () => {
    for (const [name, { description }] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(description, name).toMatch(/^\S.{15,}\.?$/s);
    }
  });

  it('has the inputs that the code reads, with the same defaults', () => {
    const plain = readInputs(new Map([['command', 'plan']]));
    expect(Object.keys(inputs)).toEqual(Object.keys(plain).sort(byOrderOf(Object.keys(inputs))));
    const token = '${{ github.token }}';
    const defaults = Object.entries(inputs)
      .filter(([, { default: value }]) => value !== undefined && value !== token)
      .map(([name, { default: value = '' }]): [string, string] => [name, value]);
    expect(readInputs(new Map([['command', 'plan'], ...defaults]))).toEqual(plain);
  });
});

function byOrderOf(names: readonly string[]) {
  return (a: string, b: string) => names.indexOf(a) - names.indexOf(b);
}
