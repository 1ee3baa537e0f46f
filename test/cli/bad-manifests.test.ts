import { symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anamLlm, anamProject, emulate, folder, openProject } from '../support/project.js';
import { refusal } from '../support/refusal.js';

const good = anamLlm('support');

/** Ten levels of ten aliases each: a few hundred bytes that would become ten thousand million values. */
const BOMB = Array.from(
  { length: 9 },
  (_, i) => `    l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]\n`,
).join('');

interface Case {
  what: string;
  manifest: string | Uint8Array;
  /** Code, line, and what has to be said. */
  code: string;
  line: number;
  words: string[];
}

const cases: Case[] = [
  {
    what: 'broken YAML',
    manifest: `${good}  metadata: { team: [a, b\n`,
    code: 'yaml',
    line: 12,
    words: ['not valid YAML', 'Close the bracket or quote'],
  },
  {
    what: 'a key that stands twice',
    manifest: `${good}  modelName: gpt-5\n`,
    code: 'yaml',
    line: 11,
    words: ['is twice in the same map', 'Keep one of the two'],
  },
  {
    what: 'aliases that explode',
    manifest: `${good}  metadata:\n    l0: &l0 [x, x]\n${BOMB}`,
    code: 'yaml',
    line: 19,
    words: ['aliases', 'write the values out'],
  },
  {
    what: 'an alias that contains itself',
    manifest: `${good}  metadata: &m { self: *m }\n`,
    code: 'yaml',
    line: 11,
    words: ['itself a part of'],
  },
  {
    what: 'a tab as indentation',
    manifest: `${good}\tdescription: x\n`,
    code: 'yaml',
    line: 11,
    words: ['a tab is used as indentation', 'Replace the tabs'],
  },
  {
    what: 'bytes that are not UTF-8',
    manifest: Buffer.concat([Buffer.from(good), Buffer.from([0x23, 0x20, 0xff, 0xfe])]),
    code: 'file',
    line: 11,
    words: ['not UTF-8', 'Save the file as UTF-8'],
  },
  {
    what: 'a file of 10 MB',
    manifest: `${good}# ${'x'.repeat(10_000_000)}\n`,
    code: 'file',
    line: 1,
    words: ['larger than 8 MiB', 'Split it'],
  },
  {
    what: 'millions of empty documents',
    manifest: '---\n'.repeat(2_000_000),
    code: 'yaml',
    line: 1,
    words: ['more than 50,000 documents', 'Remove the lines'],
  },
  {
    what: 'a __proto__ key',
    manifest: `${good}  metadata: { "__proto__": { admin: true } }\n`,
    code: 'yaml',
    line: 11,
    words: ['"__proto__" is not allowed', 'remove it'],
  },
  {
    what: 'an unknown vendor',
    manifest: good.replace('vendor: anam', 'vendor: anan'),
    code: 'unknown',
    line: 3,
    words: ['unknown vendor "anan"', 'Did you mean "anam"?'],
  },
  {
    what: 'an unknown kind',
    manifest: good.replace('kind: LLM', 'kind: LMM'),
    code: 'unknown',
    line: 2,
    words: ['unknown kind "LMM"', 'Did you mean "LLM"?'],
  },
  {
    what: 'an unknown field',
    manifest: good.replace('modelName', 'modelname'),
    code: 'unknown',
    line: 8,
    words: ['unknown field "modelname"', 'Did you mean "modelName"?'],
  },
  {
    what: 'a value of the wrong type',
    manifest: good.replace('gpt-4o', '4'),
    code: 'schema',
    line: 8,
    words: ['must be text, not a number', 'In quotes'],
  },
  {
    what: 'a value where only a reference to a secret may stand',
    manifest: good.replace('{ fromEnv: OPENAI }', 'sk-openai-secret-1'),
    code: 'secret-literal',
    line: 10,
    words: ['Remove the secret from the file', '{ fromEnv: NAME }'],
  },
  {
    what: 'an unknown target',
    manifest: good.replace('name: support', 'name: support, target: anm'),
    code: 'unknown',
    line: 4,
    words: ['unknown target "anm"', 'Did you mean "anam"?'],
  },
  {
    what: 'a vendor without a target',
    manifest:
      'apiVersion: llmform/v1\nkind: LLM\nvendor: goodmem\nmetadata: { name: x, id: 1e7a1c0e-6f5e-4a55-9f0e-3b1d6f0c2a11 }\nspec: {}\n',
    code: 'schema',
    line: 4,
    words: ['no target for GoodMem', 'vendor: goodmem'],
  },
  {
    what: 'two manifests for one address',
    manifest: `${good}---\n${good}`,
    code: 'duplicate',
    line: 15,
    words: ['a second manifest for anam/LLM/support', 'llms/support.yaml:1'],
  },
  {
    what: 'a reference where none may stand',
    manifest: good.replace('{ fromEnv: OPENAI }', '{ ref: LLM/support }'),
    code: 'schema',
    line: 10,
    words: ['not a usable reference to a secret', '{ fromEnv: NAME }'],
  },
  {
    what: 'a secret file above the project',
    manifest: good.replace('{ fromEnv: OPENAI }', '{ fromFile: ../key }'),
    code: 'secret',
    line: 10,
    words: ['"../key" is outside the project', 'use fromEnv'],
  },
  {
    what: 'a secret file elsewhere',
    manifest: good.replace('{ fromEnv: OPENAI }', '{ fromFile: /etc/hostname }'),
    code: 'secret',
    line: 10,
    words: ['"/etc/hostname" is outside the project'],
  },
];

describe('a bad manifest', () => {
  it.each(cases)('$what', async ({ manifest, code, line, words }) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': manifest });
    const { err, findings } = await refusal(project, [anam]);
    expect(err).toMatch(new RegExp(`^error\\[${code}\\] llms/support\\.yaml:${line}:\\d+ `));
    for (const word of words) expect(err).toContain(word);
    expect(err).toMatch(/\n1 error\n$/);
    expect(findings).toEqual([expect.objectContaining({ code, file: 'llms/support.yaml', line })]);
    // Nobody was asked about manifests that are wrong.
    expect(anam.requests).toEqual([]);
  });
});

describe('a bad reference between objects', () => {
  const secret = (value: string) => `apiVersion: llmform/v1
kind: Secret
vendor: liveavatar
metadata: { name: openai }
spec:
  secret_name: openai
  secret_type: OPENAI_API_KEY
  secret_value: ${value}
`;
  const llm = (ref: string) => `apiVersion: llmform/v1
kind: LLM
vendor: liveavatar
metadata: { name: greeter }
spec:
  display_name: Greeter
  model_name: gpt-4o
  secret_id: { ref: ${ref} }
`;

  // With the built-in kinds nothing can go round in a circle: a Secret has no place for a reference.
  it.each([
    ['to nothing', llm('Secret/openia'), 'reference', 8, ['Secret/openia', 'Secret/openai']],
    ['to an object of another kind', llm('LLM/greeter'), 'reference', 8, ['LLM/greeter']],
    ['from a secret back', secret('{ ref: LLM/greeter }'), 'schema', 8, ['{ fromEnv: NAME }']],
  ] as const)('%s', async (_what, manifest, code, line, words) => {
    const liveavatar = await emulate('liveavatar');
    const project = await openProject(
      {
        'llmform.yaml': `apiVersion: llmform/v1
kind: Project
name: shop
manifests: ["llms/*.yaml"]
targets:
  live: { vendor: liveavatar, baseUrl: "${liveavatar.url}", auth: { fromEnv: KEY } }
`,
        'llms/a.yaml': manifest,
        'llms/b.yaml': manifest.includes('kind: LLM') ? secret('{ fromEnv: OPENAI }') : llm('Secret/openai'),
      },
      { KEY: liveavatar.credential, OPENAI: 'sk-openai-secret-1' },
    );
    const { err } = await refusal(project, [liveavatar]);
    expect(err).toMatch(new RegExp(`error\\[${code}\\] llms/a\\.yaml:${line}:\\d+ `));
    for (const word of words) expect(err).toContain(word);
  });
});

describe('a secret that is not there', () => {
  it.each([
    ['variable that is not set', '{ fromEnv: OTHER_KEY }', 'the environment variable OTHER_KEY is not set'],
    ['file that is missing', '{ fromFile: keys/openai }', 'the secret file keys/openai cannot be read'],
    ['link that leads outside', '{ fromFile: link }', 'the secret file link is outside the project'],
    ['program that is missing', '{ fromCommand: [no-such-program] }', 'there is no such program'],
  ])('in a %s is a warning to plan, and apply refuses', async (_what, reference, words) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/support.yaml': good.replace('{ fromEnv: OPENAI }', reference),
    });
    const outside = await folder({ key: 'sk-openai-secret-1' });
    await symlink(join(outside, 'key'), join(project.path, 'link'));

    const plan = await project.run('plan');
    expect(plan.code).toBe(0);
    expect(plan.err).toContain(
      'warning[secret] llms/support.yaml:1 secret of anam/LLM/support cannot be resolved: ',
    );
    expect(plan.err).toContain(words);
    const apply = await project.run('apply', '--auto-approve');
    expect(apply.code).toBe(1);
    expect(apply.err).toContain(
      'error[secret] llms/support.yaml:1 secret of anam/LLM/support cannot be resolved: ',
    );
    expect(apply.err).toContain(words);
    expect(apply.err).toMatch(/\n1 error\n$/);
    expect(plan.err + apply.err).not.toContain('    at ');
    expect(anam.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is no trouble to validate', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': good });
    expect((await project.runWith({ OPENAI: '' }, 'validate')).code).toBe(0);
  });
});

describe('a file of 1.5 GB that a glob matches', () => {
  it('is refused, and not read', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': good, 'llms/recording.yaml': '' });
    // Sparse: it takes no room on the disk.
    await truncate(join(project.path, 'llms/recording.yaml'), 1_500_000_000);
    const report =
      "process.on('exit', () => process.stderr.write(`RSS ${process.resourceUsage().maxRSS}\n`))";
    const preload = `--import data:text/javascript,${encodeURIComponent(report)}`;
    const { code, err } = await project.runWith({ NODE_OPTIONS: preload }, 'plan');
    expect(code).toBe(1);
    expect(err).toContain('llms/recording.yaml:1');
    expect(err).toContain('the file is larger than 8 MiB');
    const kilobytes = Number(/^RSS (\d+)$/m.exec(err)?.[1]);
    expect(kilobytes).toBeGreaterThan(0);
    expect(kilobytes).toBeLessThan(400_000);
  });
});

describe('many mistakes', () => {
  it('are shown together, by file and line', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/b.yaml': anamLlm('b', '4'),
      'llms/a.yaml': anamLlm('a').replace('modelName', 'model'),
    });
    const { err } = await refusal(project, [anam]);
    const places = [...err.matchAll(/^error\[\w+\] (\S+):(\d+):/gm)].map(
      ([, file, line]) => `${file}:${line}`,
    );
    expect(places.length).toBeGreaterThanOrEqual(2);
    expect(places.map((place) => place.slice(0, 11))).toEqual([...places.map((p) => p.slice(0, 11))].sort());
  });
});
