import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate, folder, openProject, writesTo } from '../support/project.js';

describe('the project file', () => {
  it('is not read through a link that leads out of its folder', async () => {
    const outside = await folder({ 'llmform.yaml': 'token: hush-hush\n' });
    const project = await openProject({});
    await symlink(join(outside, 'llmform.yaml'), join(project.path, 'llmform.yaml'));
    const { code, out } = await project.run('validate');
    expect(code).toBe(1);
    expect(out).toContain('the project file llmform.yaml leads out of the project through a link');
    expect(out).not.toContain('hush');
  });

  it('may be a link within it', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    await rename(join(project.path, 'llmform.yaml'), join(project.path, 'real.yaml'));
    await symlink('real.yaml', join(project.path, 'llmform.yaml'));
    expect((await project.run('validate')).code).toBe(0);
  });
});

describe('the ledger', () => {
  it.each(['the file', 'its folder'])(
    'does not leave the project through a link in place of %s',
    async (what) => {
      const anam = await emulate('anam');
      const project = await anamProject(anam.url, anamLlms('a'));
      const outside = await folder({ 'ledger.json': '' });
      if (what === 'its folder') await symlink(outside, join(project.path, '.llmform'));
      else {
        await mkdir(join(project.path, '.llmform'));
        await symlink(join(outside, 'ledger.json'), join(project.path, '.llmform/ledger.json'));
      }
      for (const command of [['plan'], ['apply', '--auto-approve']]) {
        const { code, err } = await project.run(...command);
        expect(code).toBe(1);
        expect(err).toContain('error[ledger] .llmform/ledger.json leads out of the project through a link');
      }
      expect(writesTo(anam)).toEqual([]);
    },
  );
});
