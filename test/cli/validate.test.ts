import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anamLlm, anamLlms, anamProject, projectFile } from '../support/project.js';
import { llmform, parsed } from '../support/run-cli.js';

// Nobody answers here: validate must not even try.
const NOWHERE = 'http://127.0.0.1:1';

const wrong = {
  'llms/support.yaml': anamLlm('support').replace('modelName:', 'modlName:'),
  'llms/sales.yaml': `${anamLlm('sales')}---\n${anamLlm('sales')}`,
};

describe('llmform validate', () => {
  it('needs no network, no credential and no secret', async () => {
    const { path } = await anamProject(NOWHERE, anamLlms('support', 'sales'));
    const result = await llmform(['validate'], { cwd: path });
    expect(result).toEqual({ code: 0, out: 'Valid: 2 manifests.\n', err: '' });
  });

  it('shows all mistakes of all files at once, each with its place, its line and the way out', async () => {
    const project = await anamProject(NOWHERE, wrong);
    const { code, out } = await project.run('validate');
    expect(code).toBe(1);
    expect(out).toContain('error[unknown] llms/support.yaml:8:3 unknown field "modlName" in spec\n  8 |');
    expect(out).toContain('Did you mean "modelName"?');
    expect(out).toMatch(/error\[duplicate\] llms\/sales\.yaml:\d+:\d+ /);
    expect(out).toContain('Not valid');
  });

  it('prints one JSON document', async () => {
    const project = await anamProject(NOWHERE, wrong);
    const { code, out, err } = await project.run('validate', '--format', 'json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const document = parsed(out);
    expect(Object.keys(document)).toEqual(['formatVersion', 'valid', 'manifests', 'diagnostics']);
    expect(document.valid).toBe(false);
    expect(document.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'unknown', file: 'llms/support.yaml', line: 8, column: 3 }),
    );
  });

  it('prints JSON of the same shape where the project itself is wrong or not there', async () => {
    const project = await anamProject(NOWHERE, {});
    for (const args of [
      ['validate', '--format', 'json'],
      ['validate', '--format', 'json', '--config', 'nowhere.yaml'],
      ['validate', '--format', 'json', '--target', 'nobody'],
    ]) {
      const { code, out, err } = await project.run(...args);
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(parsed(out)).toMatchObject({ formatVersion: '1', valid: false, manifests: 0 });
    }
  });

  it('prints annotations for GitHub, with files as the repository knows them', async () => {
    const project = await anamProject(NOWHERE, {});
    await project.write({
      'prod/llmform.yaml': projectFile(NOWHERE),
      'prod/llms/support.yaml': wrong['llms/support.yaml'],
    });
    const { code, out } = await project.run('validate', '--format', 'github', '-c', 'prod/llmform.yaml');
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=prod\/llms\/support\.yaml,line=8,col=3,title=[^:]*::unknown field/m);
    const inside = await llmform(['validate', '--format', 'github'], { cwd: join(project.path, 'prod') });
    expect(inside.out).toMatch(/^::error file=llms\/support\.yaml,line=8,col=3,/m);
  });

  it('annotates a project file that is wrong', async () => {
    const project = await anamProject(NOWHERE, {});
    await project.write({ 'llmform.yaml': projectFile(NOWHERE).replace('vendor: anam', 'vendor: anan') });
    const { code, out } = await project.run('validate', '--format', 'github');
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=llmform\.yaml,line=7,col=13,title=[^:]*::unknown vendor "anan"/m);
  });

  it('prints markdown', async () => {
    const project = await anamProject(NOWHERE, wrong);
    const { code, out } = await project.run('validate', '--format', 'markdown');
    expect(code).toBe(1);
    expect(out).toMatch(/^\*\*Not valid/);
    expect(out).toContain('llms/support.yaml');
  });

  it('leaves warnings out with --quiet', async () => {
    const project = await anamProject(NOWHERE, {
      ...anamLlms('support'),
      'llms/empty.yaml': '# nothing yet\n',
    });
    expect((await project.run('validate')).out).toContain('warning[file] llms/empty.yaml');
    for (const quiet of ['--quiet', '--log-level=error']) {
      expect(await project.run('validate', quiet)).toMatchObject({ code: 0, out: 'Valid: 1 manifest.\n' });
    }
  });
});
