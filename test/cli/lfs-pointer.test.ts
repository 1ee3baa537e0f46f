import { describe, expect, it } from 'vitest';
import { anamLlm, anamProject, emulate, writesTo } from '../support/project.js';

describe('a pointer of Git LFS', () => {
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;

  it('in place of a manifest is said to be one', async () => {
    const project = await anamProject('https://x.test', { 'llms/a.yaml': POINTER });
    const { code, out } = await project.run('validate');
    expect(code).toBe(1);
    expect(out).toContain('error[file] llms/a.yaml:1:1 the file is a Git LFS pointer');
    expect(out).toContain('git lfs pull');
    expect(out).toContain('1 error');
  });

  it('in place of a secret is not sent', async () => {
    const anam = await emulate('anam');
    const manifest = anamLlm('a').replace('{ fromEnv: OPENAI }', '{ fromFile: key }');
    const project = await anamProject(anam.url, { 'llms/a.yaml': manifest, key: POINTER });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(1);
    expect(err).toContain('the secret file key is a Git LFS pointer');
    expect(writesTo(anam)).toEqual([]);
  });
});
