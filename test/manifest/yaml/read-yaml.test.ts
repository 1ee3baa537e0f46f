import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readExact } from '../../../src/manifest/yaml/read-exact.js';
import { readFast } from '../../../src/manifest/yaml/read-fast.js';
import { readYaml } from '../../../src/manifest/yaml/read-yaml.js';
import { splitDocuments } from '../../../src/manifest/yaml/split-documents.js';

const valuesOf = (text: string) => readYaml(text).documents.map(({ value }) => value);

/** Where the fast reader answers at all, the exact one must find the same and nothing wrong. */
function expectAgreement(text: string): void {
  for (const chunk of splitDocuments(text)) {
    const fast = chunk.plain ? readFast(chunk.text) : undefined;
    if (fast === undefined) continue;
    const exact = readExact(chunk.text, 1);
    expect(exact.length).toBeLessThanOrEqual(1);
    expect(exact[0]?.problems ?? []).toEqual([]);
    expect(exact[0]?.value ?? null).toEqual(fast);
  }
}

describe('scalars are those of YAML 1.2', () => {
  const scalars: [string, unknown][] = [
    ['yes', 'yes'],
    ['on', 'on'],
    ['No', 'No'],
    ['true', true],
    ['False', false],
    ['~', null],
    ['', null],
    ['Null', null],
    ['0o17', 15],
    ['017', 17],
    ['0x1F', 31],
    ['-0x1F', '-0x1F'],
    ['0b11', '0b11'],
    ['1_000', '1_000'],
    ['1e3', 1000],
    ['+1', 1],
    ['.5', 0.5],
    ['-.5e1', -5],
    ['1.', 1],
    ['2026-01-01', '2026-01-01'],
    ['12:30:45', '12:30:45'],
    ['<<', '<<'],
    ['"\\x41\\u00e9"', 'Aé'],
    ["'it''s'", "it's"],
    ['a\n  b\n\n  c', 'a b\nc'],
    ['|\n  a\n   b\n\n', 'a\n b\n'],
    ['|-\n  a\n', 'a'],
    ['|+\n  a\n', 'a\n\n'],
    ['>\n  a\n  b\n', 'a b\n'],
    ['>-\n  a\n\n  b\n', 'a\nb'],
    ['|2\n   a\n', ' a\n'],
    ['"a\n  b\\\n  c"', 'a bc'],
    ['{ a: 1, b: [x, "y"] }', { a: 1, b: ['x', 'y'] }],
    ['http://x:1/y#z', 'http://x:1/y#z'],
    ['a #b', 'a'],
    ['!!str 12', '12'],
  ];
  it.each(scalars)('%j', (source, value) => {
    const text = `k: ${source}\n`;
    expect(valuesOf(text)).toEqual([{ k: value }]);
    expect(valuesOf(text.replaceAll('\n', '\r\n'))).toEqual([{ k: value }]);
    expect(valuesOf(`\uFEFF${text}`)).toEqual([{ k: value }]);
    expect(readExact(text, 1)[0]?.value).toEqual({ k: value });
    expectAgreement(text);
  });
});

describe('the two readers agree', () => {
  it('on any value in any style', () => {
    const options = fc.record({
      defaultStringType: fc.constantFrom(
        'PLAIN',
        'QUOTE_DOUBLE',
        'QUOTE_SINGLE',
        'BLOCK_LITERAL',
        'BLOCK_FOLDED',
      ),
      collectionStyle: fc.constantFrom('any', 'flow', 'block'),
      indent: fc.integer({ min: 1, max: 5 }),
      lineWidth: fc.constantFrom(0, 30, 80),
    } as const);
    const text = fc.oneof(
      fc.string(),
      fc.lorem(),
      fc.constantFrom('yes', '0o7', '1e3', '- a', 'a: b', '\n', ' x\n\n'),
    );
    const json = fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: 'grapheme' }), { minKeys: 1 });
    const document = fc.oneof(json, fc.dictionary(fc.lorem({ maxCount: 1 }), text, { minKeys: 1 }));
    fc.assert(
      fc.property(document, options, (value, style) => {
        const written = stringify(value, { ...style, defaultKeyType: 'PLAIN', version: '1.2' });
        expectAgreement(written);
        expectAgreement(written.replaceAll('\n', '\r\n'));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'k: |2\n\n  ',
    'k: >+\n  a\n ',
    '\n---x',
    '--- a: b\n',
    'k: ""#x\n',
    'k: {#\n ??1*a:\n}\n ',
    'k:\n- -\n- a\n',
    '- {}: a\n',
    '~: a\n',
    'k: a\rj: b\n',
    'k: !\n',
    '<<: { a: 1 }\n',
  ])('or leave it to the exact one: %j', (text) => expectAgreement(text));

  it('on any heap of tokens', () => {
    const tokens = [
      'a',
      'b',
      '1',
      'yes',
      '~',
      ': ',
      ':',
      '- ',
      '-',
      '\n',
      '\n',
      '\n  ',
      '\r\n',
      '  ',
      '"',
      "'",
      ' #',
      '#',
    ];
    const more = [
      '|',
      '|-',
      '>+',
      '|2',
      '[',
      ']',
      '{',
      '}',
      ',',
      '? ',
      '\\n',
      '---',
      '--- ',
      '<<',
      '&a',
      '*a',
      '!',
      '\t',
    ];
    const pairs = [
      'a: b',
      '\nk: ',
      '\n- ',
      '\n  k: v',
      '\nj: v',
      '\n    - x',
      'é',
      '😀',
      '\u00a0',
      '\u2028',
      '\u0085',
      '%',
    ];
    const heap = fc.array(fc.constantFrom(...tokens, ...more, ...pairs, 'x y', '{}'), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(heap, (parts) => expectAgreement(`k: ${parts.join('')}`)),
      { numRuns: 3000 },
    );
  });
});

describe('documents', () => {
  it('are split, and know the line of their first key', () => {
    const text = '# top\n\na: 1\n---\n# nothing\n---\n\n# c\nb: 2\n--- # x\nc: |\n  --- no\n';
    const { documents } = readYaml(text);
    expect(documents.map(({ value, line }) => [value, line])).toEqual([
      [{ a: 1 }, 3],
      [{ b: 2 }, 9],
      [{ c: '--- no\n' }, 11],
    ]);
  });

  it('know where each value and key stands, on either reader', () => {
    for (const head of ['x: 1\n---\n', 'x: &a 1\n...\n---\n']) {
      const lines = head.split('\n').length - 1;
      const document = readYaml(`${head}a:\n  - b: 1\n    c:\n`).documents[1];
      expect(document?.locate('/a/0/b')).toEqual({ line: lines + 2, column: 8 });
      expect(document?.locate('/a/0/b', 'key')).toEqual({ line: lines + 2, column: 5 });
      expect(document?.locate('/a/0/c')).toEqual({ line: lines + 3, column: 5 });
      expect(document?.locate('/a/9', 'key')).toEqual({ line: lines + 1, column: 1 });
    }
  });

  it('may use anchors, aliases and merge keys', () => {
    const text =
      'base: &b { x: 1, y: 2 }\nmore: &m { y: 3, z: 4 }\nall: { <<: [*b, *m], x: 9 }\nsame: *b\n"<<": 1\n';
    const [value] = valuesOf(text);
    expect(value).toMatchObject({ all: { x: 9, y: 2, z: 4 }, same: { x: 1, y: 2 } });
  });

  it('are read beside a broken one', () => {
    const { documents, problems } = readYaml('a: 1\n---\nb: [\n---\nc: 3\n');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { c: 3 }]);
    expect(problems).toHaveLength(1);
  });
});

describe('what is not right', () => {
  const manyTimes = (name: string) => `[${Array(10).fill(`*${name}`).join(', ')}]`;
  const explosion = [
    'a: &a [xxxxxxxx]',
    ...[...'bcdefgh'].map((n, i) => `${n}: &${n} ${manyTimes('abcdefg'[i] ?? '')}`),
  ];
  const mergeBomb = [
    'a: &m0 { x: 1 }',
    ...Array.from({ length: 40 }, (_, i) => `b${i}: &m${i + 1} { <<: [*m${i}, *m${i}] }`),
  ];
  const cases: [string, string, number, number, RegExp][] = [
    ['two colons', 'a: 1\nb: c: d\n', 2, 4, /second "key: value"/],
    ['a tab', 'a:\n\tb: 1\n', 2, 1, /indented with spaces/],
    ['a tab below a key', 'a:\n  b: 1\n\tc: 2\n', 3, 1, /indented with spaces/],
    ['an open quote', 'a: 1\nb: "x\nc: 2\n', 2, 4, /quote is opened/],
    ['an open bracket', 'a: [1, 2\n', 2, 1, /bracket/],
    ['odd indentation', 'a:\n   b: 1\n  c: 2\n', 3, 1, /indentation/],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 3, 1, /twice/],
    ['a key twice, spelt differently', '1: a\n"1": b\n', 2, 1, /twice/],
    ['__proto__', 'a:\n  __proto__: { x: 1 }\n', 2, 3, /"__proto__" is not allowed/],
    ['constructor, quoted', '"constructor": 1\n', 1, 1, /"constructor" is not allowed/],
    ['prototype in a list', 'a: [{ prototype: 1 }]\n', 1, 7, /"prototype" is not allowed/],
    ['exploding aliases', explosion.join('\n'), 7, 36, /multiply/],
    ['exploding merges', mergeBomb.join('\n'), 21, 18, /multiply/],
    ['a value inside itself', 'a: &x [1, *x]\n', 1, 11, /part of/],
    ['an unknown alias', 'a: *x\n', 1, 4, /not defined/],
    ['an unknown tag', 'a: !secret x\n', 1, 12, /tag/],
    ['merging text', 'a: &x b\nc: { <<: *x }\n', 2, 6, /merged/],
    ['a list as key', '? [a]\n: b\n', 1, 3, /key/],
    ['a key that is missing', 'a: 1\n: b\n', 2, 1, /key/],
    ['a number beyond 2^53', 'a: 12345678901234567890\n', 1, 4, /too large/],
    ['infinity', 'a: .inf\n', 1, 4, /infinity/],
    ['YAML 1.1', '%YAML 1.1\n---\na: yes\n', 3, 1, /1\.1/],
    ['200 levels', `a: ${'['.repeat(200)}${']'.repeat(200)}`, 1, 103, /nested/],
    ['a million brackets', `a: ${'['.repeat(1_000_000)}`, 1, 1, /nested/],
    ['two million brackets', `a: ${'['.repeat(2_000_000)}`, 1, 1, /1 MiB/],
    ['millions of empty documents', '---\n'.repeat(2_000_000), 1, 1, /more than 50,000 documents/],
    ['millions of ends', '...\n'.repeat(2_000_000), 1, 1, /more than 50,000 documents/],
    ['dashes without end', '- '.repeat(100_000), 1, 1, /nested/],
  ];
  it.each(cases)('%s', (_, text, line, column, summary) => {
    const { problems, documents } = readYaml(text);
    expect(documents).toEqual([]);
    expect(problems[0]).toMatchObject({ line, column, summary: expect.stringMatching(summary) });
    expect(problems[0]?.detail).not.toBe('');
  });

  it('leaves the prototype of objects alone', () => {
    readYaml('__proto__: { polluted: 1 }\n<<: { __proto__: { polluted: 1 } }\n');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('the fast reader', () => {
  const manifest = {
    apiVersion: 'llmform/v1',
    metadata: { name: 'a', more: [1, -2.5, true, null, 'x: #y "z" \\\\'] },
  };

  it.each([
    ['blocks', stringify(manifest)],
    ['JSON', JSON.stringify(manifest)],
    ['indented JSON', JSON.stringify(manifest, null, 2)],
    ['flow style', '{ apiVersion: llmform/v1, metadata: { name: a } }\n'],
  ])('takes %s, also after the mark of a document', (_, text) => {
    // The exact reader takes forty times the memory.
    expect(readFast(text)).toBeDefined();
    expect(readFast(`---\n${text}`)).toEqual(readFast(text));
    expectAgreement(`---\n${text}\n---\n${text}`);
  });

  it.each(['a: -0.0\n', '{"a":-0.0}'])('leaves a negative zero to the exact one: %s', (text) => {
    expect(readFast(text)).toBeUndefined();
    expect(valuesOf(text)).toEqual([{ a: -0 }]);
  });

  it.each([
    ['two members of one name', '{"a":1,"a":2}'],
    ['two members of one name, far inside', '{"x":[{"a":{"b":1}},{"a":{"b":1,"b":1}}]}'],
    ['a forbidden name', '{"__proto__":1}'],
    ['an integer that is not kept', '{"a":12345678901234567890}'],
    ['tabs', '{"a":\t1}'],
    ['JSON that goes on', '{"a":1} {"b":2}'],
  ])('leaves JSON with %s to the exact one', (_, text) => {
    expect(readFast(text)).toBeUndefined();
  });

  it('sees in JSON what the exact one sees', () => {
    const object = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (value, indent) =>
        expectAgreement(`---\n${JSON.stringify({ a: value }, null, indent)}\n`),
      ),
    );
  });
});
