import { describe, expect, it } from 'vitest';
import { excerptLine } from '../../../src/manifest/yaml/excerpt.js';

const show = (text: string, line = text.split('\n').length, hideSecret = false) =>
  excerptLine(text.split('\n'), line, hideSecret);

describe('excerpt', () => {
  it.each([
    ['  modelName: gpt-4o', '  modelName: gpt-4o'],
    ['kind: Secret', 'kind: Secret'],
    ['metadata:', 'metadata:'],
    ['  apiToken: x', '  apiToken: …'],
    ['  "password" : x', '  "password" : …'],
    ['spec: { name: a, secret: x }', 'spec: …'],
    ['{"secret":"x"}', '…'],
    ['  url: https://me:x@host/', '  url: …'],
    ['  name: ghp1234567890abcdefghij', '  name: …'],
    ['  id: 7c0c1d9e-7f58-4f8e-a7d5-0a5a3a1c9b11', '  id: 7c0c1d9e-7f58-4f8e-a7d5-0a5a3a1c9b11'],
    ['credentials:\n  other:\n    value: x', '    value: …'],
    ['tokens:\n- x', '- …'],
    ['tokens:\n  - a: 1\n    b: x', '    b: …'],
    ['text: |\n  x', '  …'],
    ['a: \u001b[31mred', 'a: \u001b[31mred'],
    ['\u00a0 a: b\u00a0\r', '\u00a0 a: b\u00a0'],
    ['# secret x', undefined],
    ['', undefined],
  ])('%j is shown as %j', (text, shown) => expect(show(text)).toBe(shown));

  it('masks any value on demand, and cuts long lines', () => {
    expect(show('  - name: x', 1, true)).toBe('  - name: …');
    expect(show(`a: ${'word '.repeat(100)}`)).toHaveLength(160);
  });
});
