import { describe, expect, it } from 'vitest';
import { anam, findings, read } from '../support/manifests.js';

const ledger = (body: string, project = 'test') =>
  `apiVersion: llmform/v1\nkind: Ledger\nproject: ${project}\n${body}\n`;

/** Severity, line and summary of each finding, one a line. */
function found(text: string): string[] {
  return findings(text).map(({ severity, line, summary }) => `${severity} ${line} ${summary}`);
}

const with_ = (body: string) => `${anam()}---\n${ledger(body)}`;
const LINES = anam().split('\n').length;

describe('a document of kind Ledger', () => {
  it('is read beside the manifests, and merged over all files', () => {
    const { statements, diagnostics, manifests } = read({
      'a.yaml': with_('bind: { anam-prod/LLM/support: "42" }'),
      'b.yaml': ledger(
        'moved:\n  - { from: anam-prod/LLM/old, to: anam-prod/LLM/support }\n  - { from: eu, to: anam-prod }\n  - { from: project x, to: project test }',
      ),
      'c.yaml': ledger('forget: [anam-prod/LLM/gone, old-target]'),
    });
    expect(diagnostics).toEqual([]);
    expect(manifests).toHaveLength(1);
    expect(statements).toEqual({
      bind: [
        {
          address: 'anam-prod/LLM/support',
          id: '42',
          source: { file: 'a.yaml', line: LINES + 4 },
          path: '/bind/anam-prod~1LLM~1support',
        },
      ],
      moved: [
        ['object', 'anam-prod/LLM/old', 'anam-prod/LLM/support', 5],
        ['target', 'eu', 'anam-prod', 6],
        ['project', 'x', 'test', 7],
      ].map(([what, from, to, line]) => ({ what, from, to, source: { file: 'b.yaml', line } })),
      forget: [
        { what: 'object', name: 'anam-prod/LLM/gone', source: { file: 'c.yaml', line: 4 } },
        { what: 'target', name: 'old-target', source: { file: 'c.yaml', line: 4 } },
      ],
    });
  });

  it('may be all that there is', () => {
    const { diagnostics } = read({ 'a.yaml': ledger('forget: ["*"]') });
    expect(diagnostics).toEqual([]);
  });

  it('is ignored where it is for another project', () => {
    const { statements, diagnostics } = read({
      'a.yaml': ledger('forget: [anam-prod]\nnonsense: 1', 'other'),
    });
    expect(diagnostics).toEqual([]);
    expect(statements.forget).toEqual([]);
  });

  it.each([
    [
      'no project',
      'apiVersion: llmform/v1\nkind: Ledger\n',
      ['error 1 these statements name no project: project is missing'],
    ],
    [
      'a misspelt kind',
      'apiVersion: llmform/v1\nkind: ledger\nproject: test\n',
      ['error 2 unknown kind "ledger"'],
    ],
    ['an unknown field', ledger('move: []'), ['error 4 unknown field "move"']],
    ['an address without a kind', ledger('bind: { support: "1" }'), ['error 4 "support" is not an address']],
    [
      'a number as an id',
      with_('bind: { anam-prod/LLM/support: 42 }').slice(anam().length + 4),
      ['error 4 bind["anam-prod/LLM/support"] must be text, not a number'],
    ],
    [
      'a mixed move',
      ledger('moved: [{ from: a, to: a/LLM/b }]'),
      ['error 4 moved from a target to an address'],
    ],
    [
      'a move to itself',
      ledger('moved: [{ from: anam-prod, to: anam-prod }]'),
      ['error 4 moved to where it is already'],
    ],
    [
      'a move to another kind',
      ledger('moved: [{ from: avatar/LLM/a, to: avatar/Secret/a }]'),
      ['error 4 moved to an address of another kind'],
    ],
    [
      'a move to an unknown target',
      ledger('moved: [{ from: old, to: anam-prd }]'),
      ['error 4 unknown target "anam-prd"'],
    ],
    [
      'a move of another project',
      ledger('moved: [{ from: project a, to: project b }]'),
      ['error 4 moved to project "b", and this project is "test"'],
    ],
    [
      'a move without a manifest',
      ledger('moved: [{ from: anam-prod/LLM/a, to: anam-prod/LLM/b }]'),
      ['warning 4 moved to anam-prod/LLM/b, for which there is no manifest'],
    ],
    [
      'a bind without a manifest',
      ledger('bind: { anam-prod/LLM/none: "1" }'),
      ['error 4 there is no manifest for anam-prod/LLM/none, which is bound here'],
    ],
    [
      'text that is nothing to forget',
      ledger('forget: ["a/b"]'),
      ['error 4 "a/b" is not an address, the name of a target, or "*"'],
    ],
  ])('with %s says so', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each(['anam-prod/LLM/support', 'anam-prod', '"*"'])(
    'cannot forget %s while its manifest is there',
    (name) => {
      expect(found(with_(`forget: [${name}]`))).toEqual([
        `error ${LINES + 4} "${name.replaceAll('"', '')}" cannot be forgotten: there is a manifest for anam-prod/LLM/support`,
      ]);
    },
  );

  it('names both places of two statements for one address', () => {
    const { diagnostics } = read({
      'a.yaml': with_('bind: { anam-prod/LLM/support: "1" }'),
      'b.yaml': ledger('bind: { anam-prod/LLM/support: "2" }\nforget: [old]'),
      'c.yaml': ledger('moved: [{ from: old, to: anam-prod }]'),
    });
    expect(diagnostics.map(({ file, line, summary }) => `${file}:${line} ${summary}`)).toEqual([
      `b.yaml:4 a second statement for anam-prod/LLM/support; the first is in a.yaml:${LINES + 4}`,
      'b.yaml:5 a second statement for old; the first is in c.yaml:4',
    ]);
  });

  it('warns of a bind that metadata.id overrules', () => {
    const text = anam().replace('name: support', 'name: support\n  id: "7"');
    const { diagnostics } = read({
      'a.yaml': text,
      'b.yaml': ledger('bind: { anam-prod/LLM/support: "8" }'),
    });
    expect(diagnostics).toMatchObject([{ severity: 'warning', file: 'b.yaml', line: 4 }]);
  });
});
