import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/manifest/read-manifests.js';
import { bytes, nodeSchemas, nodes, project } from '../support/manifests.js';

const node = (name: string, ref?: string, kind = 'Node') =>
  `apiVersion: llmform/v1\nkind: ${kind}\nvendor: fake\nmetadata: { name: ${name} }\nspec: { ${ref ? `next: { ref: ${ref} }` : ''} }\n`;

function read(...documents: string[]) {
  return readManifests(
    [{ file: 'a.yaml', bytes: bytes(documents.join('---\n')) }],
    project,
    [nodes],
    nodeSchemas,
  );
}

describe('references', () => {
  it('of another kind are told which kind is needed', () => {
    const { diagnostics } = read(node('a', 'Leaf/b'), node('b', undefined, 'Leaf'));
    expect(diagnostics).toMatchObject([{ code: 'reference', line: 5 }]);
    expect(diagnostics[0]?.summary).toMatch(/a Node is needed.*"Leaf\/b"/);
  });

  it('that go round in a circle are shown as one', () => {
    const { diagnostics } = read(
      node('in', 'Node/a'),
      node('a', 'Node/b'),
      node('b', 'Node/c'),
      node('c', 'Node/a'),
    );
    expect(diagnostics).toMatchObject([{ code: 'reference', line: 11, address: 'fake/Node/a' }]);
    expect(diagnostics[0]?.summary).toContain('fake/Node/a -> fake/Node/b -> fake/Node/c -> fake/Node/a');
  });

  it('to oneself are a circle too', () => {
    expect(read(node('a', 'Node/a')).diagnostics[0]?.summary).toContain('fake/Node/a -> fake/Node/a');
  });

  it('may meet again without a circle', () => {
    const both = node('a', 'Node/b').replace('} }', '}, other: { ref: Node/c } }');
    expect(read(both, node('b', 'Node/c'), node('c')).diagnostics).toEqual([]);
  });

  it('may share an object, and form a very long chain', () => {
    const chain = Array.from({ length: 3000 }, (_, i) => node(`n${i}`, `Node/n${i + 1}`));
    const { diagnostics, manifests } = read(
      node('x', 'Node/n0'),
      node('y', 'Node/n0'),
      ...chain,
      node('n3000'),
    );
    expect(diagnostics).toEqual([]);
    expect(manifests).toHaveLength(3003);
  });
});
