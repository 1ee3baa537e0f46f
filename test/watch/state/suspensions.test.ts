import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openSuspensions,
  readSuspensions,
  resumeTarget,
  suspendTarget,
} from '../../../src/watch/state/suspensions.js';
import { anamProject, folder, later, projectFile, write } from '../../support/project.js';
import { llmform } from '../../support/run-cli.js';
import { until } from '../../support/until.js';

const URL = 'https://api.anam.ai';

describe('suspended targets', () => {
  it('are kept in a file, with since when and why', async () => {
    const path = join(await folder(), '.llmform');
    await suspendTarget(path, 'a', 'INC-1');
    const first = await readSuspensions(path);
    expect(first).toEqual({ a: { since: expect.stringMatching(/^20.*Z$/), reason: 'INC-1' } });
    await suspendTarget(path, 'a');
    expect(await readSuspensions(path)).toEqual(first);
    await resumeTarget(path, 'a');
    expect(await readSuspensions(path)).toEqual({});
  });

  it('that are written at once are all kept', async () => {
    const path = await folder();
    const names = Array.from({ length: 10 }, (_, n) => `t${n}`);
    await Promise.all(names.map((name) => suspendTarget(path, name)));
    expect(Object.keys(await readSuspensions(path)).sort()).toEqual(names);
  });

  it('are noticed by a watch that runs, also in a folder behind a link', async () => {
    const path = join(await folder({ 'real/x': '' }), 'link/.llmform');
    await symlink('real', `${dirname(dirname(path))}/link`);
    const suspensions = await openSuspensions(path);
    later(async () => suspensions.close?.());
    let told = 0;
    suspensions.onChange?.(() => {
      told += 1;
    });
    expect(suspensions.has('a')).toBe(false);
    await suspendTarget(path, 'a');
    expect(suspensions.has('a')).toBe(true);
    await until(() => told === 1);
    await suspensions.resume('a');
    await suspensions.suspend('b');
    expect([suspensions.has('a'), suspensions.has('b')]).toEqual([false, true]);
    expect(Object.keys(await readSuspensions(path))).toEqual(['b']);
  });

  it('count as soon as the command is back, whatever the watcher knows', async () => {
    const path = await folder();
    const suspensions = await openSuspensions(path);
    later(async () => suspensions.close?.());
    await suspendTarget(path, 'a');
    expect(suspensions.has('a')).toBe(true);
    // Broken by hand: what was known stays.
    await writeFile(join(path, 'suspended.json'), '{');
    expect(suspensions.has('a')).toBe(true);
  });

  it.each(['', '[]', '{"formatVersion":2,"targets":{}}', '{"formatVersion":1,"targets":{"a":1}}'])(
    'are not made up where the file says %j',
    async (text) => {
      const path = await folder({ 'suspended.json': text });
      await expect(openSuspensions(path)).rejects.toThrow('is not a list of suspended targets');
    },
  );
});

describe('llmform suspend and resume', () => {
  it('say what they did', async () => {
    const project = await anamProject(URL, {});
    const suspended = await project.run('suspend', 'anam', '--reason', 'vendor\nmigrates');
    expect(suspended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^anam is suspended since .* \(vendor migrates\)\.\n$/),
    });
    expect(suspended.err).toContain('llmform resume anam');
    expect(JSON.parse(await project.read('.llmform/suspended.json')).targets.anam.reason).toBe(
      'vendor\nmigrates',
    );
    expect(await project.run('resume', 'anam')).toEqual({ code: 0, out: 'anam is resumed.\n', err: '' });
    expect((await project.run('resume', 'anam')).out).toBe('anam was not suspended.\n');
  });

  it('know the targets', async () => {
    const project = await anamProject(URL, {});
    for (const command of ['suspend', 'resume']) {
      const { code, err } = await project.run(command, 'anan');
      expect(code).toBe(1);
      expect(err).toContain('there is no target "anan"');
      expect(err).toContain('Did you mean "anam"?');
    }
  });

  it('say so where the project file suspends it too', async () => {
    const project = await anamProject(URL, {}, '    suspend: true\n');
    expect((await project.run('resume', 'anam')).err).toContain('remove targets.anam.suspend');
  });

  it('work while the project file is broken or missing, with a warning', async () => {
    const project = await anamProject(URL, { 'llmform.yaml': 'targets: [' });
    const { code, err } = await project.run('suspend', 'anam');
    expect(code).toBe(0);
    expect(err).toContain('cannot check target "anam"');
    expect((await project.run('suspend', '../x')).code).toBe(1);
  });

  it('find the state of a watch on git, and its last good commit', async () => {
    const commit = 'a'.repeat(40);
    const path = await folder();
    await mkdir(join(path, '.llmform/watch/commits', commit), { recursive: true });
    await write(join(path, '.llmform/watch'), {
      good: JSON.stringify({ place: 'x', commit, config: 'llmform.yaml' }),
      [`commits/${commit}/llmform.yaml`]: projectFile(URL),
    });
    expect((await llmform(['suspend', 'anan'], { cwd: path })).err).toContain('Did you mean "anam"?');
    expect((await llmform(['suspend', 'anam'], { cwd: path })).code).toBe(0);
    expect((await llmform(['suspend', 'anam', '--state-dir', 'elsewhere'], { cwd: path })).code).toBe(0);
    for (const place of ['.llmform/watch', 'elsewhere'])
      expect(await readFile(join(path, place, 'suspended.json'), 'utf8')).toContain('"anam"');
  });
});
