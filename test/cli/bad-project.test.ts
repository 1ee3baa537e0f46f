import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate, openProject, projectFile } from '../support/project.js';
import { refusal } from '../support/refusal.js';

describe('a bad project', () => {
  it.each<[string, (file: string) => string | Uint8Array, string, string[]]>([
    ['broken YAML', (file) => `${file}guards: { maxDelete: [\n`, 'yaml', ['llmform.yaml:']],
    ['a manifest in its place', () => anamLlms('x')['llms/x.yaml'] ?? '', 'project', ['kind: Project']],
    ['nothing in it', () => '', 'project', ['llmform.yaml:1:1', 'is empty']],
    ['bytes that are not UTF-8', () => new Uint8Array([0xff, 0xfe]), 'file', ['not UTF-8']],
    ['an unknown vendor', (f) => f.replace('vendor: anam', 'vendor: anan'), 'unknown', ['"anan"', '"anam"?']],
    ['an unknown field', (f) => f.replace('    auth:', '    aut:'), 'unknown', ['"aut"', '"auth"']],
    ['a target without credentials', (f) => f.replace(/ +auth:.*\n/, ''), 'schema', ['auth']],
    [
      'a credential in the open',
      (f) => f.replace('{ fromEnv: ANAM_KEY }', 'anam-emulator-key'),
      'secret-literal',
      ['fromEnv'],
    ],
    ['a wrong type', (f) => f.replace('name: shop', 'name: 7'), 'schema', ['llmform.yaml:3:7']],
    ['a host that is none', (f) => f.replace(/baseUrl: .*/, 'baseUrl: ftp://x'), 'schema', ['baseUrl']],
    [
      'a credential file outside',
      (f) => f.replace('fromEnv: ANAM_KEY', 'fromFile: ../key'),
      'secret',
      ['outside the project'],
    ],
    ['no targets', (f) => f.replace(/targets:[^]*/, 'targets: {}\n'), 'schema', ['targets']],
    ['a __proto__ key', (f) => `${f}__proto__: { x: 1 }\n`, 'yaml', ['"__proto__" is not allowed']],
  ])('with %s', async (_what, spoil, code, words) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    await project.write({ 'llmform.yaml': spoil(projectFile(anam.url)) });
    const { err, findings } = await refusal(project, [anam]);
    expect(err).toMatch(new RegExp(`^error\\[${code}\\] llmform\\.yaml:\\d+:\\d+ `));
    for (const word of words) expect(err).toContain(word);
    expect(findings[0]).toMatchObject({ code, file: 'llmform.yaml' });
    expect(anam.requests).toEqual([]);
  });

  it('that is not there', async () => {
    const project = await openProject({});
    const { err } = await refusal(project, []);
    expect(err).toContain('no project file: llmform.yaml does not exist in ');
    expect(err).toContain('--config FILE');
  });

  it('that is a folder', async () => {
    const project = await openProject({ 'llmform.yaml/x': '' });
    expect((await refusal(project, [])).err).toContain('it is a folder, not a file');
  });

  it('without any manifest', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {});
    const { err } = await refusal(project, [anam]);
    expect(err).toContain('no manifests found: nothing matches "llms/**/*.yaml"');
    expect(err).toContain('change "manifests" in');
    expect(anam.requests).toEqual([]);
  });

  it('without the target that was asked for', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { err } = await refusal(project, [anam], {}, '--target', 'anm');
    expect(err).toContain('the project has no target "anm"');
    expect(err).toContain('Did you mean "anam"?');
    expect(anam.requests).toEqual([]);
  });
});
