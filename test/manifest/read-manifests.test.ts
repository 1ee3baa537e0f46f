import { describe, expect, it } from 'vitest';
import { findSecretReferences } from '../../src/manifest/document/secret-references.js';
import { readManifests } from '../../src/manifest/read-manifests.js';
import { ANAM_SPEC, anam, bytes, findings, project, read, SECRET, vendors } from '../support/manifests.js';

const liveSecret = (name: string, value = '{ fromEnv: X }', meta = '') =>
  `apiVersion: llmform/v1\nkind: Secret\nvendor: liveavatar\nmetadata: { name: ${name}${meta} }\nspec:\n  secret_name: n\n  secret_value: ${value}\n  secret_type: LLM_API_KEY\n`;
const liveLlm = (name: string, secret: string) =>
  `apiVersion: llmform/v1\nkind: LLM\nvendor: liveavatar\nmetadata: { name: ${name} }\nspec:\n  display_name: n\n  model_name: m\n  secret_id: ${secret}\n`;

describe('a right manifest', () => {
  it('becomes the desired state of one object', () => {
    const text = anam('lifecycle: { preventDestroy: true, ignoreChanges: ["/description"] }\n').replace(
      'name: support',
      'name: support\n  id: "42"',
    );
    const { manifests, diagnostics } = read({ 'llms/a.yaml': `# comment\n${text}` });
    expect(diagnostics).toEqual([]);
    expect(manifests).toEqual([
      {
        address: 'anam-prod/LLM/support',
        target: 'anam-prod',
        vendor: 'anam',
        kind: 'LLM',
        name: 'support',
        id: '42',
        preventDestroy: true,
        ignoreChanges: ['/description'],
        allowUnknown: [],
        spec: {
          displayName: 'Support',
          llmFormat: 'openai',
          modelName: 'gpt-4o',
          urls: [{ url: 'https://api.openai.com/v1' }],
          secret: { fromEnv: 'OPENAI_API_KEY' },
        },
        source: { file: 'llms/a.yaml', line: 2 },
      },
    ]);
  });

  it('names its secret references by their place in spec', () => {
    const { manifests } = read({ 'a.yaml': anam() });
    const references = manifests.flatMap((manifest) => findSecretReferences(manifest, vendors));
    expect(references).toEqual([{ pointer: '/secret', reference: { fromEnv: 'OPENAI_API_KEY' } }]);
  });

  it('comes in the order of files and positions, whatever order they were given in', () => {
    const { manifests } = read({
      'b.yaml': anam().replace('support', 'three'),
      'a.yaml': `${anam().replace('support', 'two')}---\n${anam().replace('support', 'one')}`,
    });
    expect(manifests.map(({ name }) => name)).toEqual(['two', 'one', 'three']);
  });

  it('needs no required field once it is bound to an object', () => {
    expect(
      findings(anam('', '  displayName: x\n').replace('name: support', 'name: support\n  id: x')),
    ).toEqual([]);
  });
});

describe('each mistake has a place, a name and a way out', () => {
  const cases: [string, string, Record<string, unknown>, RegExp][] = [
    ['no map', '- a\n', { code: 'schema', line: 1, column: 1 }, /not a list/],
    [
      'no version',
      anam().replace('apiVersion: llmform/v1\n', ''),
      { code: 'schema', line: 1, path: '/apiVersion' },
      /missing/,
    ],
    [
      'another version',
      anam().replace('form/v1', 'form/v9'),
      { code: 'schema', line: 1, column: 13 },
      /llmform\/v1/,
    ],
    [
      'a project file',
      'apiVersion: llmform/v1\nkind: Project\n',
      { code: 'schema', line: 2 },
      /project file/,
    ],
    [
      'unknown vendor',
      anam().replace('vendor: anam', 'vendor: anom'),
      { code: 'unknown', line: 3, column: 9 },
      /Did you mean "anam"\? Vendors: anam/,
    ],
    [
      'unknown kind',
      anam().replace('kind: LLM', 'kind: Llms'),
      { code: 'unknown', line: 2 },
      /Did you mean "LLM"/,
    ],
    ['missing kind', anam().replace('kind: LLM\n', ''), { code: 'schema', path: '/kind' }, /missing/],
    [
      'unknown field',
      anam('  llmFormt: x\n'),
      { code: 'unknown', line: 12, column: 3, path: '/spec/llmFormt', excerpt: '  llmFormt: …' },
      /Did you mean "llmFormat"/,
    ],
    [
      'misplaced field',
      `${anam()}displayName: x\n`,
      { code: 'unknown', line: 12, path: '/displayName' },
      /under spec/,
    ],
    [
      'missing field',
      anam('', ANAM_SPEC.replace(/ {2}modelName.*\n/, '')),
      { code: 'schema', line: 6, column: 1, path: '/spec/modelName' },
      /spec.modelName is required to create an LLM.*metadata\.id/s,
    ],
    [
      'wrong type',
      anam('  temperature: warm\n'),
      { code: 'schema', line: 12, column: 16, path: '/spec/temperature' },
      /must be a number, not text/,
    ],
    [
      'unquoted text',
      anam().replace('gpt-4o', '4'),
      { code: 'schema', line: 9, column: 14 },
      /must be text.*quotes/s,
    ],
    [
      'enum',
      anam().replace('openai\n', 'opnai\n'),
      { code: 'schema', line: 8, column: 14, excerpt: '  llmFormat: opnai' },
      /Did you mean "openai"\? Allowed: "openai", /,
    ],
    [
      'pattern',
      anam().replace('https:', 'ftp:'),
      { code: 'schema', path: '/spec/urls/0/url' },
      /http:\/\/ or https:/,
    ],
    [
      'null',
      anam('  description:\n'),
      { code: 'schema', line: 12, path: '/spec/description' },
      /Anam has no documented way to clear spec.description.*Leave the field out/s,
    ],
    [
      'reserved key',
      anam('  metadata: { llmform: x }\n'),
      { code: 'schema', path: '/spec/metadata/llmform' },
      /reserved/,
    ],
    [
      'bad name',
      anam().replace('support', 'Support!'),
      { code: 'schema', line: 5, column: 9, path: '/metadata/name' },
      /lower-case/,
    ],
    [
      'unknown target',
      anam().replace('name: support', 'name: support\n  target: anam-prd'),
      { code: 'unknown', line: 6, path: '/metadata/target' },
      /Did you mean "anam-prod"/,
    ],
    [
      "another vendor's target",
      anam().replace('name: support', 'name: support\n  target: avatar'),
      { code: 'schema', line: 6 },
      /belongs to liveavatar/,
    ],
    [
      'several targets',
      anam()
        .replace('vendor: anam', 'vendor: goodmem')
        .replace(
          /spec:[\s\S]*/,
          'spec: { displayName: x, providerType: OPENAI, endpointUrl: "https://x", modelIdentifier: x }\n',
        ),
      { code: 'schema', line: 4, path: '/metadata/target' },
      /one of "memory-a", "memory-b"/,
    ],
    [
      'no target',
      anam()
        .replace('vendor: anam', 'vendor: flashback')
        .replace(
          /spec:[\s\S]*/,
          'spec: { name: x, aiType: OPENAI, workspaceId: x, endpoint: "https://x", key: { fromEnv: K }, secret: { fromEnv: S } }\n',
        ),
      { code: 'schema', path: '/metadata/target' },
      /no target for Flashback.*vendor: flashback/s,
    ],
    [
      'bad pointer',
      anam('lifecycle: { ignoreChanges: [description] }\n'),
      { code: 'lifecycle', line: 12, column: 30 },
      /not a JSON Pointer/,
    ],
    [
      'ignored item of an unordered list',
      anam('lifecycle: { ignoreChanges: [/urls/0/url] }\n'),
      { code: 'lifecycle', line: 12 },
      /"\/urls\/0\/url" is an item of a list whose order means nothing.*Write "\/urls"/s,
    ],
    [
      'ignored part of a secret',
      anam('lifecycle: { ignoreChanges: [/secret/fromEnv] }\n'),
      { code: 'lifecycle', line: 12 },
      /a part of a field that the vendor never returns.*Write "\/secret"/s,
    ],
    [
      'ignored member of a text',
      anam('lifecycle: { ignoreChanges: [/modelName/x] }\n'),
      { code: 'lifecycle', line: 12 },
      /leads into a value of spec that has no members/,
    ],
    [
      'ignored name in a list',
      anam('lifecycle: { ignoreChanges: [/metadata/steps/first] }\n').replace(
        'spec:',
        'spec:\n  metadata: { steps: [a] }',
      ),
      { code: 'lifecycle' },
      /"first" where spec has a list/,
    ],
    [
      'file outside',
      anam().replace('fromEnv: OPENAI_API_KEY', 'fromFile: certs/../../key'),
      { code: 'secret', line: 11 },
      /outside the project/,
    ],
    [
      'file in .git',
      anam().replace('fromEnv: OPENAI_API_KEY', 'fromFile: sub/.git/config'),
      { code: 'secret', line: 11 },
      /git's own/,
    ],
    [
      'absolute file outside',
      anam().replace('fromEnv: OPENAI_API_KEY', 'fromFile: /etc/key'),
      { code: 'secret', line: 11 },
      /outside the project/,
    ],
    ['broken YAML', anam('  a: b: c\n'), { code: 'yaml', line: 12, column: 6 }, /second "key: value"/],
  ];
  it.each(cases)('%s', (_, text, place, words) => {
    const found = findings(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'error', file: 'a.yaml', ...place });
    expect(`${found[0]?.summary} ${found[0]?.detail}`).toMatch(words);
    expect(found[0]?.detail).toBeTruthy();
  });

  it('with the address of the object, once it is known', () => {
    expect(findings(anam('  x: 1\n'))[0]?.address).toBe('anam-prod/LLM/support');
  });

  it('all of them at once, sorted by file, line and column', () => {
    const { diagnostics } = read({
      'b.yaml': 'a: [\n',
      'a.yaml': `${anam('  y: 1\n  x: 1\n')}---\n- 1\n---\n${anam().replace('gpt-4o', '[]').replace('support', 'other')}`,
    });
    expect(diagnostics.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'a.yaml:12',
      'a.yaml:13',
      'a.yaml:15',
      'a.yaml:25',
      'b.yaml:2',
    ]);
  });

  it('a finding of the vendor is placed too', () => {
    const audited = vendors.map((vendor) => ({
      ...vendor,
      kinds: vendor.kinds.map((kind) => ({
        ...kind,
        audit: () => [
          { severity: 'warning' as const, summary: 'Odd.', detail: 'Do better.', path: '/spec/modelName' },
        ],
      })),
    }));
    const { diagnostics, manifests } = readManifests(
      [{ file: 'a.yaml', bytes: bytes(anam()) }],
      project,
      audited,
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'audit', line: 9, column: 14, summary: 'Odd.' }),
    ]);
    expect(manifests).toHaveLength(1);
  });
});

describe('files', () => {
  const one = (content: Uint8Array) =>
    readManifests([{ file: 'a.yaml', bytes: content }], project, vendors).diagnostics;

  it('without a manifest are a warning', () => {
    expect(one(bytes('# nothing\n---\n'))).toMatchObject([{ severity: 'warning', code: 'file', line: 1 }]);
  });

  it('that are not UTF-8 say on which line', () => {
    const found = one(new Uint8Array([...bytes('a: 1\nb: é'), 0xc3, 0x28, 0x0a]));
    expect(found).toMatchObject([{ severity: 'error', code: 'file', line: 2, column: 6 }]);
    expect(found[0]?.summary).toContain('byte 11');
  });

  it('of more than 8 MiB are refused, of exactly 8 MiB are read', () => {
    expect(one(new Uint8Array(8 * 1024 * 1024 + 1).fill(10))).toMatchObject([
      { code: 'file', severity: 'error' },
    ]);
    expect(one(new Uint8Array(8 * 1024 * 1024).fill(10))).toMatchObject([
      { code: 'file', severity: 'warning' },
    ]);
  });
});

describe('no secret is shown', () => {
  const cases: [string, string, string][] = [
    ['a literal', anam().replace('{ fromEnv: OPENAI_API_KEY }', SECRET), 'secret-literal'],
    ['a literal number', anam().replace('{ fromEnv: OPENAI_API_KEY }', '4711'), 'secret-literal'],
    ['a literal list', anam().replace('{ fromEnv: OPENAI_API_KEY }', `[${SECRET}]`), 'secret-literal'],
    [
      'a literal in several lines',
      anam().replace('{ fromEnv: OPENAI_API_KEY }', `|\n    ${SECRET}`),
      'secret-literal',
    ],
    ['a value for the name of a variable', anam().replace('OPENAI_API_KEY', `sk-${SECRET}`), 'schema'],
    ['a key for a reference', anam().replace('fromEnv: OPENAI_API_KEY', SECRET), 'schema'],
    ['a misspelt reference', anam().replace('fromEnv: OPENAI_API_KEY', `from_env: ${SECRET}`), 'schema'],
    ['a misspelt field', anam(`  passwrd: ${SECRET}\n`), 'unknown'],
    [
      'a misspelt field in brackets, beside another mistake',
      anam(`  metadata: { llmform: 1 }\n  x: { y: ${SECRET} }\n`),
      'schema',
    ],
    ['broken YAML after a secret', anam(`  secrett: ${SECRET}: x\n`), 'yaml'],
    ['broken YAML without a key', anam(`  ${SECRET}\n  more\n`), 'yaml'],
    ['broken YAML inside a secret', anam(`  token:\n    - ${SECRET}: [\n`), 'yaml'],
    ['an open quote', anam(`  pass: "${SECRET}\n`), 'yaml'],
    ['a bad escape', anam(`  pass: "\\q${SECRET}"\n`), 'yaml'],
    ['a tag', anam(`  pass: !${SECRET} x\n`), 'yaml'],
    ['an alias', anam(`  pass: *${SECRET}\n`), 'yaml'],
    ['text where a map with a secret belongs', goodmem(`credentials: ${SECRET}`), 'schema'],
    [
      'deep inside',
      goodmem(`credentials: { kind: CREDENTIAL_KIND_API_KEY, apiKey: { inlineSecret: ${SECRET} } }`),
      'secret-literal',
    ],
    ['a URL with a password', goodmem(`monitoringEndpoint: ftp://me:${SECRET}@host`), 'schema'],
  ];
  it.each(cases)('%s', (_, text, code) => {
    const found = findings(text);
    expect(found[0]).toMatchObject({ severity: 'error', code });
    for (const diagnostic of found)
      expect(JSON.stringify(diagnostic)).not.toMatch(new RegExp(`${SECRET}|4711`));
  });

  it('and a literal says what to write instead', () => {
    const [found] = findings(anam().replace('{ fromEnv: OPENAI_API_KEY }', SECRET));
    expect(found).toMatchObject({ line: 11, column: 11, path: '/spec/secret', excerpt: '  secret: …' });
    expect(found?.detail).toContain('{ fromEnv: NAME }');
  });

  function goodmem(field: string): string {
    return `apiVersion: llmform/v1\nkind: LLM\nvendor: goodmem\nmetadata: { name: a, target: memory-a }\nspec:\n  displayName: x\n  providerType: OPENAI\n  endpointUrl: https://x\n  modelIdentifier: x\n  ${field}\n`;
  }
});

describe('manifests together', () => {
  it('may not share an address', () => {
    const { diagnostics, manifests } = read({ 'a.yaml': anam(), 'b.yaml': `# x\n${anam()}` });
    expect(manifests).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'duplicate', file: 'b.yaml', line: 6, column: 9 }]);
    expect(diagnostics[0]?.summary).toMatch(/anam-prod\/LLM\/support; the first is in a\.yaml:1/);
  });

  it('may not bind to one object', () => {
    const bound = (name: string) => anam().replace('name: support', `name: ${name}\n  id: same`);
    const { diagnostics } = read({ 'a.yaml': bound('one'), 'b.yaml': bound('two') });
    expect(diagnostics).toMatchObject([{ code: 'duplicate', file: 'b.yaml', line: 6, path: '/metadata/id' }]);
    expect(diagnostics[0]?.summary).toMatch(/anam-prod\/LLM\/one in a\.yaml:1/);
  });

  it('may refer to each other, in any order and across files', () => {
    const { diagnostics, manifests } = read({
      'a.yaml': liveLlm('l', '{ ref: Secret/s }'),
      'b.yaml': liveSecret('s'),
    });
    expect(diagnostics).toEqual([]);
    expect(manifests[0]?.spec.secret_id).toEqual({ ref: 'Secret/s' });
  });

  it('may not refer to nothing', () => {
    const { diagnostics } = read({
      'a.yaml': liveLlm('l', '{ ref: Secret/opnai }'),
      'b.yaml': liveSecret('openai'),
    });
    expect(diagnostics).toMatchObject([
      { code: 'reference', file: 'a.yaml', line: 8, column: 21, path: '/spec/secret_id/ref' },
    ]);
    expect(diagnostics[0]?.detail).toContain('Did you mean "Secret/openai"?');
  });

  it('may refer to one that has a mistake of its own, which is told once', () => {
    const { diagnostics } = read({
      'a.yaml': liveLlm('l', '{ ref: Secret/s }'),
      'b.yaml': liveSecret('s', SECRET),
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['secret-literal']);
  });
});
