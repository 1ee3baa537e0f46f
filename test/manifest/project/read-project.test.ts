import { describe, expect, it } from 'vitest';
import { readProject } from '../../../src/manifest/project/read-project.js';
import { vendors } from '../../../src/vendors/index.generated.js';
import { bytes, SECRET } from '../../support/manifests.js';

const HEAD = 'apiVersion: llmform/v1\nkind: Project\nname: shop\n';
const read = (text: string) =>
  readProject(bytes(text), { file: 'llmform.yaml', folder: '/project' }, vendors);
const withTarget = (members: string) => read(`${HEAD}targets:\n  t: { ${members} }\n`);

describe('a right project file', () => {
  it('has its defaults filled in', () => {
    expect(withTarget('vendor: anam, auth: { fromEnv: KEY }')).toMatchObject({
      diagnostics: [],
      project: {
        name: 'shop',
        file: 'llmform.yaml',
        folder: '/project',
        manifests: ['manifests/**/*.{yaml,yml}'],
        ledger: { type: 'file', path: '.llmform/ledger.json' },
        targets: [
          {
            name: 't',
            vendor: 'anam',
            baseUrl: vendors.find(({ id }) => id === 'anam')?.baseUrl,
            auth: { fromEnv: 'KEY' },
            concurrency: 8,
            requestsPerSecond: 20,
            timeoutMs: 30_000,
          },
        ],
        guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
      },
    });
  });

  it('says everything else itself', () => {
    const { project } = read(`${HEAD}manifests: ["llms/*.yaml"]
ledger: { type: file, path: state.json }
targets:
  mine:
    vendor: goodmem
    baseUrl: https://goodmem.test:8443/api//
    auth: { fromCommand: [op, read, x] }
    concurrency: 4
    requestsPerSecond: 2.5
    timeout: 2m
    caFile: certs/ca.pem
guards: { maxDelete: 2 }
`);
    expect(project).toMatchObject({
      name: 'shop',
      manifests: ['llms/*.yaml'],
      ledger: { path: 'state.json' },
      guards: { maxDelete: 2, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
    });
    expect(project?.targets).toEqual([
      {
        name: 'mine',
        vendor: 'goodmem',
        baseUrl: 'https://goodmem.test:8443/api',
        auth: { fromCommand: ['op', 'read', 'x'] },
        concurrency: 4,
        requestsPerSecond: 2.5,
        timeoutMs: 120_000,
        caFile: '/project/certs/ca.pem',
      },
    ]);
  });

  it.each([
    ['{ type: file }', { type: 'file', path: '.llmform/ledger.json' }],
    ['{ type: git }', { type: 'git', ref: 'refs/llmform/ledger', remote: 'origin', path: 'ledger.json' }],
    [
      '{ type: git, ref: refs/llmform/b, remote: hub, path: b/c.json }',
      { type: 'git', ref: 'refs/llmform/b', remote: 'hub', path: 'b/c.json' },
    ],
  ])('a ledger of %s', (ledger, expected) => {
    const { project } = read(
      `${HEAD}ledger: ${ledger}\ntargets:\n  t: { vendor: anam, auth: { fromEnv: KEY } }\n`,
    );
    expect(project?.ledger).toEqual(expected);
  });

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m', 60_000],
  ])('a timeout of %s', (timeout, ms) => {
    const { project } = withTarget(`vendor: anam, auth: { fromEnv: KEY }, timeout: ${timeout}`);
    expect(project?.targets[0]?.timeoutMs).toBe(ms);
  });
});

describe('each mistake is told', () => {
  const AUTH = 'auth: { fromEnv: KEY }';
  const inTarget: [string, string, Record<string, unknown>, RegExp][] = [
    [
      'unknown vendor',
      `vendor: goodmen, ${AUTH}`,
      { code: 'unknown', path: '/targets/t/vendor' },
      /Did you mean "goodmem"/,
    ],
    ['no base URL', `vendor: goodmem, ${AUTH}`, { code: 'project', column: 3 }, /needs a baseUrl/],
    [
      'no credential',
      'vendor: anam',
      { code: 'schema', path: '/targets/t/auth' },
      /has no credential.*fromEnv/s,
    ],
    [
      'a literal credential',
      `vendor: anam, auth: ${SECRET}`,
      { code: 'secret-literal', column: 28 },
      /reference/,
    ],
    [
      'a user in the URL',
      `vendor: anam, ${AUTH}, baseUrl: "https://me:${SECRET}@x.test"`,
      { code: 'project' },
      /user name, a password or a key/,
    ],
    [
      'a query in the URL',
      `vendor: anam, ${AUTH}, baseUrl: "https://x.test/?k=${SECRET}"`,
      { code: 'project' },
      /query/,
    ],
    ['not a URL', `vendor: anam, ${AUTH}, baseUrl: "https://["`, { code: 'project' }, /not a URL/],
    ['not http', `vendor: anam, ${AUTH}, baseUrl: "ftp://x.test"`, { code: 'schema' }, /http:\/\/ or https:/],
    [
      'an unknown member',
      `vendor: anam, ${AUTH}, base_url: ${SECRET}`,
      { code: 'unknown' },
      /Did you mean "baseUrl"/,
    ],
    [
      'a credential outside',
      'vendor: anam, auth: { fromFile: ../key }',
      { code: 'secret' },
      /outside the project/,
    ],
    ['a bad timeout', `vendor: anam, ${AUTH}, timeout: soon`, { code: 'schema' }, /30s/],
  ];
  it.each(inTarget)('%s', (_, members, place, words) => {
    const { project, diagnostics } = withTarget(members);
    expect(project).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', file: 'llmform.yaml', line: 5, ...place }]);
    expect(`${diagnostics[0]?.summary} ${diagnostics[0]?.detail}`).toMatch(words);
    expect(JSON.stringify(diagnostics)).not.toContain(SECRET);
  });

  const TARGETS = 'targets:\n  t: { vendor: anam, auth: { fromEnv: KEY } }\n';
  const whole: [string, string, Record<string, unknown>, RegExp][] = [
    [
      'a key of the ledger outside',
      `${HEAD}${TARGETS}ledger: { type: file, key: { fromFile: ../key } }\n`,
      { code: 'secret', path: '/ledger/key/fromFile' },
      /the key file "..\/key" is outside the project/,
    ],
    ['empty', '# nothing\n', { code: 'project' }, /empty/],
    [
      'two documents',
      `${HEAD}${TARGETS}---\n${HEAD}${TARGETS}`,
      { code: 'project', line: 7 },
      /several documents/,
    ],
    [
      'no name',
      'apiVersion: llmform/v1\nkind: Project\ntargets: { a: { vendor: anam, auth: { fromEnv: A } } }\n',
      { code: 'schema', line: 1 },
      /write `name: default`, which keeps everything/,
    ],
    ['a manifest', 'apiVersion: llmform/v1\nkind: LLM\n', { code: 'project', line: 2 }, /kind: Project/],
    ...(
      [
        ['/abs/*.yaml', /not relative/],
        ['~/x.yaml', /not relative/],
        ['../llms/*.yaml', /leads out of the folder/],
        ['{a,..}/*.yaml', /leads out of the folder/],
        [`llms/${'*a'.repeat(30)}b.yaml`, /more than 4 "\*" in one name/],
        ['{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}/*', /more than 100 patterns/],
        ['*.{yaml,yml', /without its "}"/],
        ['[a-z.yaml', /without its "\]"/],
        ['llm-{1..3}.yaml', /range in braces/],
        ['!(a)/*.yaml', /extended form/],
        ['./', /names no file/],
      ] as const
    ).map(([glob, words]): [string, string, Record<string, unknown>, RegExp] => [
      `the pattern ${glob}`,
      `${HEAD}manifests: ["a.yaml", "${glob}"]\n${TARGETS}`,
      { code: 'project', line: 4, path: '/manifests/1' },
      words,
    ]),
    [
      'a pattern without end',
      `${HEAD}manifests: ["${'a'.repeat(501)}"]\n${TARGETS}`,
      { code: 'schema', line: 4 },
      /at most 500/,
    ],
    ...['/var/ledger.json', '../ledger.json', 'a/../../b', '.git/x'].map(
      (path): [string, string, Record<string, unknown>, RegExp] => [
        `a ledger at ${path}`,
        `${HEAD}ledger: { type: file, path: ${path} }\n${TARGETS}`,
        { code: 'project', line: 4, path: '/ledger/path' },
        /outside the project/,
      ],
    ),
    ['a list', '- a\n', { code: 'project', line: 1 }, /kind: Project/],
    ['another version', `${HEAD.replace('v1', 'v2')}${TARGETS}`, { code: 'schema', line: 1 }, /llmform\/v1/],
    ['no targets', HEAD, { code: 'schema', path: '/targets' }, /targets is missing/],
    [
      'another ledger',
      `${HEAD}ledger: { type: redis }\n${TARGETS}`,
      { code: 'schema', line: 4 },
      /Allowed: "file", "git"/,
    ],
    [
      'a ref of a file',
      `${HEAD}ledger: { type: file, ref: refs/llmform/ledger }\n${TARGETS}`,
      { code: 'schema', line: 4, path: '/ledger/ref' },
      /contradicts/,
    ],
    [
      'a ref that is a branch name',
      `${HEAD}ledger: { type: git, ref: main }\n${TARGETS}`,
      { code: 'schema', line: 4, path: '/ledger/ref' },
      /full name of a ref, such as refs\/llmform\/ledger/,
    ],
    [
      'a remote that is an address',
      `${HEAD}ledger: { type: git, remote: "https://x.test/y" }\n${TARGETS}`,
      { code: 'schema', line: 4, path: '/ledger/remote' },
      /name of a git remote, such as origin/,
    ],
    [
      'a path out of the ref',
      `${HEAD}ledger: { type: git, path: ../x }\n${TARGETS}`,
      { code: 'schema', line: 4, path: '/ledger/path' },
      /a path inside the ref/,
    ],
    [
      'a bad target name',
      `${HEAD}${TARGETS.replace('  t:', '  a/b:')}`,
      { code: 'schema', line: 5 },
      /the name "a\/b"/,
    ],
    ['a target twice', `${HEAD}${TARGETS}  t: {}\n`, { code: 'yaml', line: 6 }, /twice/],
    ['broken YAML', `${HEAD}targets: [\n`, { code: 'yaml' }, /bracket/],
  ];
  it.each(whole)('%s', (_, text, place, words) => {
    const { project, diagnostics } = read(text);
    expect(project).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', ...place }]);
    expect(`${diagnostics[0]?.summary} ${diagnostics[0]?.detail}`).toMatch(words);
  });
});
