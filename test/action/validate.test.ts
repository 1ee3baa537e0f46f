import { describe, expect, it } from 'vitest';
import { anamLlm, anamLlms, openProject, projectFile } from '../support/project.js';
import { action } from '../support/run-action.js';

const inputs = { command: 'validate', config: 'config/llmform.yaml' };

/** A project in a folder of its repository. */
const repository = (manifests: Record<string, string>) =>
  openProject({
    'config/llmform.yaml': projectFile('https://api.anam.ai'),
    ...Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`config/${name}`, text])),
  });

describe('validate', () => {
  it('needs no token, no credential and no network', async () => {
    const { path } = await repository(anamLlms('support'));
    const ran = await action({ cwd: path, inputs });
    expect(ran).toMatchObject({ code: 0, annotations: [], outputs: { summary: 'Valid: 1 manifest.' } });
    expect(ran.summary).toContain('**Valid: 1 manifest.**');
  });

  it('shows every mistake at its place in the repository', async () => {
    const { path } = await repository({
      'llms/a.yaml': anamLlm('a', 'x', '  modelname: y\n'),
      'llms/b.yaml': ': [',
    });
    const ran = await action({ cwd: path, inputs });
    expect(ran.code).toBe(1);
    expect(ran.annotations).toEqual([
      expect.stringMatching(/^::error title=llmform unknown,file=config\/llms\/a\.yaml,line=11,col=3::/),
      expect.stringMatching(/^::error title=llmform yaml,file=config\/llms\/b\.yaml,line=1,/),
    ]);
    expect(ran.summary).toContain('config/llms/a.yaml:11:3');
  });

  it('knows the place of a repository that was checked out into a folder', async () => {
    const { path } = await openProject({
      'shop/.git/HEAD': '',
      'shop/config/llmform.yaml': projectFile('https://api.anam.ai'),
      'shop/config/llms/a.yaml': ': [',
    });
    const ran = await action({
      cwd: path,
      inputs: { command: 'validate', config: 'shop/config/llmform.yaml' },
    });
    expect(ran.annotations).toEqual([expect.stringContaining('file=config/llms/a.yaml,')]);
  });

  it('says which file is missing', async () => {
    const { path } = await repository(anamLlms('support'));
    const ran = await action({ cwd: path, inputs: { command: 'validate' } });
    expect(ran).toMatchObject({ code: 1, annotations: [expect.stringContaining('llmform.yaml')] });
  });
});

describe('the inputs', () => {
  it('are checked, all at once', async () => {
    const { path } = await repository(anamLlms('support'));
    const ran = await action({
      cwd: path,
      inputs: {
        command: 'plam',
        prune: 'yes',
        'max-delete': '-1',
        fingerprint: 'abc',
        comment: 'on_change',
        target: 'anam',
        unrelated: 'x',
      },
    });
    expect(ran.code).toBe(1);
    expect(ran.annotations.map((line) => line.replace(/^::error title=llmform usage::/, ''))).toEqual([
      'there is no input "target"%0ADid you mean "targets"?',
      'the input command cannot be "plam"%0ADid you mean "plan"? It is one of validate, plan, apply, drift, post.',
      'the input prune cannot be "yes"%0AIt is true or false.',
      'the input max-delete cannot be "-1"%0AIt takes a whole number, 0 or more.',
      expect.stringContaining('the input fingerprint cannot be "abc"'),
      expect.stringContaining('Did you mean "on-change"?'),
    ]);
    expect(ran.summary).toContain('the input command cannot be');
  });
});
