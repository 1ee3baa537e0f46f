import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/manifest/read-manifests.js';
import { anam, bytes, project, vendors } from '../support/manifests.js';

/** Files that are read when they are asked for, each time the next of their texts; `reads` tells which, in order. */
function open(files: Record<string, string[]>) {
  const reads: string[] = [];
  const given = Object.entries(files).map(([file, texts]) => ({
    file,
    bytes: () => {
      const nth = reads.filter((name) => name === file).length;
      reads.push(file);
      return bytes(texts[nth] ?? texts.at(-1) ?? '');
    },
  }));
  return { reads, ...readManifests(given, project, vendors) };
}

const named = (name: string) => anam().replace('name: support', `name: ${name}`);

describe('files that are read when they are asked for', () => {
  it('are read once, one after the other, where nothing is wrong', () => {
    const { reads, manifests, diagnostics } = open({ 'b.yaml': [named('b')], 'a.yaml': [named('a')] });
    expect(reads).toEqual(['a.yaml', 'b.yaml']);
    expect(manifests.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(diagnostics).toEqual([]);
  });

  it('are read once more for all duplicates in them, which have their places', () => {
    const first = `${named('a')}---\n${named('b')}`;
    const { reads, diagnostics } = open({ 'a.yaml': [first], 'b.yaml': [`# again\n${first}`] });
    expect(reads).toEqual(['a.yaml', 'b.yaml', 'b.yaml']);
    expect(diagnostics).toMatchObject([
      { code: 'duplicate', file: 'b.yaml', line: 6, column: 9, excerpt: '  name: a' },
      { code: 'duplicate', file: 'b.yaml', line: 18, column: 9, excerpt: '  name: b' },
    ]);
  });

  it('are not read again where a finding of their own keeps the text', () => {
    const wrong = anam().replace('modelName', 'modelname');
    expect(open({ 'a.yaml': [wrong] }).reads).toEqual(['a.yaml']);
  });

  it('may have been replaced meanwhile: the finding stays, on the line of the manifest', () => {
    const { diagnostics } = open({ 'a.yaml': [named('a')], 'b.yaml': [`\n\n${named('a')}`, '# gone'] });
    expect(diagnostics).toMatchObject([{ code: 'duplicate', file: 'b.yaml', line: 3, column: 1 }]);
  });

  it('pass the errors of reading on', () => {
    const given = [
      {
        file: 'a.yaml',
        bytes: () => {
          throw new Error('gone');
        },
      },
    ];
    expect(() => readManifests(given, project, vendors)).toThrow('gone');
  });
});
